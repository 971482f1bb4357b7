import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import {
  answerBadAddress,
  ErrorAnswers,
  KnownRoutes,
  LARGE_BODIES,
  MAX_WIRE_BYTES,
} from './error-answers.ts';
import type { LogLines } from './metrics.ts';

/** What a process serves. */
export interface Served {
  readonly module: DynamicModule;
  /** Paths of the module that answer errors in the shape that SDKs know. */
  readonly ingestPaths: ReadonlySet<string>;
  /** Addresses whose `X-Forwarded-*` headers are believed, separated by commas. */
  readonly proxies: string | undefined;
}

/** Serves a module over HTTP, with its description at `/openapi.json`. The answer of `listen` is the bound address. */
export async function createHttpServer(
  { module, ingestPaths, proxies }: Served,
  lines: LogLines,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_WIRE_BYTES,
    trustProxy: proxies?.split(',').map((proxy) => proxy.trim()) ?? false,
    frameworkErrors: answerBadAddress,
    // Tokens of links stand in paths.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 8_192 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  const routes = new KnownRoutes();
  routes.listen(fastify);
  fastify.addHook('onRoute', (route) => {
    const most = LARGE_BODIES.get(route.url);
    if (most !== undefined) route.bodyLimit = most;
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.useGlobalFilters(new ErrorAnswers(lines, routes, ingestPaths));
  const description = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Temas')
      .setDescription('Touchpoints in, stitched profiles and ClickHouse tables out.')
      .setVersion('1')
      .addBearerAuth()
      .addSecurity('writeKey', {
        type: 'http',
        scheme: 'basic',
        description: 'Write key as user, no password.',
      })
      .build(),
  );
  fastify.get('/openapi.json', (_request, reply) => reply.send(description));
  return app;
}

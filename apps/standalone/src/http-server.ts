import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ApiModule } from '#apps/api';
import type { LogLines } from '#apps/api';
import { CollectorModule } from '#apps/collector';
import {
  answerBadAddress,
  ErrorAnswers,
  KnownRoutes,
  LARGE_BODIES,
  MAX_WIRE_BYTES,
} from './error-answers.ts';
import type { Platform } from './platform.ts';

/** All of Temas in one Nest application. */
@Module({})
class StandaloneModule {
  static over(platform: Platform): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [CollectorModule.over(platform.collector), ApiModule.over(platform.api)],
    };
  }
}

/**
 * Serves the platform over HTTP. `proxies` are the addresses whose `X-Forwarded-*` headers are believed. The answer of
 * `listen` is the bound address.
 */
export async function createHttpServer(
  platform: Platform,
  lines: LogLines,
  proxies: string | undefined,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_WIRE_BYTES,
    trustProxy: proxies?.split(',').map((proxy) => proxy.trim()) ?? false,
    frameworkErrors: answerBadAddress,
    // Tokens of links stand in paths.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 8_192 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(StandaloneModule.over(platform), adapter, {
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
  app.useGlobalFilters(new ErrorAnswers(lines, routes));
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

import 'reflect-metadata';
import { Catch, HttpException, Module } from '@nestjs/common';
import type { ArgumentsHost, DynamicModule, ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiModule } from '#apps/api';
import type { LogLines } from '#apps/api';
import { CollectorModule } from '#apps/collector';
import { messageOf } from '#kernel';
import type { Platform } from './platform.ts';

/** Bytes of a body as it comes over the wire; the collector has a limit of its own after decompression. */
const MAX_WIRE_BYTES = 1024 * 1024;

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

/** Turns what a handler throws into an answer; what was not meant to be thrown is logged without its request. */
@Catch()
class ErrorAnswers implements ExceptionFilter {
  constructor(private readonly lines: LogLines) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof HttpException) {
      const response = error.getResponse();
      const body = typeof response === 'string' ? { success: false, message: response } : response;
      void reply.status(error.getStatus()).send(body);
      return;
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status < 500) {
      void reply.status(status).send({ success: false, message: messageOf(error) });
      return;
    }
    const code = (error as { code?: unknown }).code;
    this.lines.error({ code, error: messageOf(error) }, 'a request failed');
    void reply
      .status(500)
      .send({ success: false, message: 'Temas failed on this request; its log says why' });
  }
}

/** Serves the platform over HTTP. The answer of `listen` is the bound address. */
export async function createHttpServer(platform: Platform, lines: LogLines): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_WIRE_BYTES,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const app = await NestFactory.create<NestFastifyApplication>(StandaloneModule.over(platform), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.useGlobalFilters(new ErrorAnswers(lines));
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

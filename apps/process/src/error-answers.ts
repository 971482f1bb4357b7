import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf, TemasError } from '#kernel';
import type { LogLines } from './metrics.ts';

/** Bytes of a body as it comes over the wire; the collector has a limit of its own after decompression. */
export const MAX_WIRE_BYTES = 1024 * 1024;

/** Paths whose bodies may be larger: an attribution brings its paths along. */
export const LARGE_BODIES: ReadonlyMap<string, number> = new Map([
  ['/v1/analytics/attribution', 16 * MAX_WIRE_BYTES],
]);

/** Paths and methods that are served, to tell an unknown path from a method that a path does not take. */
export class KnownRoutes {
  readonly #routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  /** Learns every route that is registered from now on. */
  listen(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      if (url.includes('*')) return;
      const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}/?$`);
      for (const name of [method].flat()) this.#routes.push({ pattern, method: name });
    });
  }

  /** Methods that a path takes; none if it is not served. */
  methodsOf(path: string): string[] {
    const methods = this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

/** Answers for addresses that no handler ever sees. Fastify's own text would quote them. */
export function answerBadAddress(_error: unknown, _request: unknown, reply: FastifyReply): void {
  sendProblem(reply, { status: 400, detail: 'the path holds an escape sequence that is not UTF-8' });
}

function sendProblem(reply: FastifyReply, { status, detail, further }: Told): void {
  const body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, ...further };
  void reply.status(status).type('application/problem+json').send(JSON.stringify(body));
}

/** What is told of an error. */
interface Told {
  readonly status: number;
  readonly detail: string;
  readonly further?: object;
}

/**
 * Turns what a handler throws into an answer: RFC 9457 problem details, or on the ingest paths the shape that SDKs
 * know. What was not meant to be thrown is logged without its request, which may hold personal data.
 */
@Catch()
export class ErrorAnswers implements ExceptionFilter {
  constructor(
    private readonly lines: LogLines,
    private readonly routes: KnownRoutes,
    /** Paths that answer errors in the shape that SDKs know. */
    private readonly ingestPaths: ReadonlySet<string>,
  ) {}

  /** Answers for an error. */
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const path = http.getRequest<FastifyRequest>().url.split('?', 1)[0] as string;
    const { status, detail, further } = this.#tell(error, path, reply);
    if (this.ingestPaths.has(path.replace(/\/$/, ''))) {
      void reply.status(status).send({ success: false, message: detail });
      return;
    }
    sendProblem(reply, { status, detail, further });
  }

  #tell(error: unknown, path: string, reply: FastifyReply): Told {
    if (error instanceof HttpException) {
      const status = error.getStatus();
      const response = error.getResponse();
      if (typeof response === 'object' && 'detail' in response) {
        const { detail, ...further } = response as { detail: string };
        return { status, detail, further };
      }
      if (status === 413) return tooLarge(path);
      // Nest's own texts quote the address, which may hold an identifier.
      return status === 404 ? this.#unknownRoute(path, reply) : { status, detail: error.message };
    }
    if (error instanceof TemasError && error.code.endsWith('.UNAVAILABLE')) {
      void reply.header('retry-after', '1');
      return { status: 503, detail: 'an engine is starting again; ask again in a moment' };
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status === 404) return this.#unknownRoute(path, reply);
    if (status === 413) return tooLarge(path);
    if (status < 500) return { status, detail: messageOf(error) };
    this.lines.error(
      { code: (error as { code?: unknown }).code, error: messageOf(error) },
      'a request failed',
    );
    return { status: 500, detail: 'Temas failed on this request; its log says why' };
  }

  #unknownRoute(path: string, reply: FastifyReply): Told {
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0)
      return { status: 404, detail: 'there is nothing at this path; see /openapi.json' };
    void reply.header('allow', methods.join(', '));
    return { status: 405, detail: `this path takes ${methods.join(', ')} only` };
  }
}

function tooLarge(path: string): Told {
  const most = LARGE_BODIES.get(path) ?? MAX_WIRE_BYTES;
  return { status: 413, detail: `the body is larger than ${most} bytes` };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

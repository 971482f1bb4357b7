import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOpenToBrowsers, takesTouchpoints } from './ingest-paths.ts';

/** How long browsers may keep the answer to a preflight; Chromium takes no more than two hours. */
const MAX_AGE_SECONDS = '7200';

const METHODS = 'GET, POST, OPTIONS';

/**
 * Lets scripts of any site use the ingest and settings paths, and reads no content type there. What a browser asks
 * for is echoed: RudderStack's adds headers of its own on a retry, and a fixed list would cost every event. Errors
 * carry the headers too, because without them an SDK sees a network failure instead of a 503 and its `Retry-After`.
 */
export function allowBrowsers(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] as string;
    // Bodies are read by path; Fastify would refuse one whose type it cannot parse.
    if (request.method === 'POST' && takesTouchpoints(path)) delete request.headers['content-type'];
    if (!isOpenToBrowsers(path)) {
      done();
      return;
    }
    answerOrigin(request, reply);
    if (request.method === 'OPTIONS') {
      answerPreflight(request, reply);
      return;
    }
    if (request.method === 'POST') delete request.headers['content-type'];
    done();
  });
}

function answerOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply): void {
  void reply.header('vary', 'Origin');
  if (origin === undefined) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After, X-RateLimit-Reset',
  });
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const asked = headers['access-control-request-headers'];
  void reply
    .status(204)
    .headers({
      allow: METHODS,
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-methods': headers['access-control-request-method'] ?? METHODS,
      'access-control-max-age': MAX_AGE_SECONDS,
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    })
    .send();
}

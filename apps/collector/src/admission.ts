import type { FastifyInstance } from 'fastify';
import { takesTouchpoints } from './ingest-paths.ts';

/**
 * Bytes of bodies that may be in memory at once, waiting to be read or stored. At some 4 MB/s beside busy projections
 * the last of them waits about 6 s: less than SDKs do.
 */
const MAX_BYTES = 24 * 1024 * 1024;

/** Requests that may be under way at once. */
const MAX_REQUESTS = 4_000;

/** What a body without a declared length counts for. */
const UNDECLARED_BYTES = 256 * 1024;

/** What every request costs beside its body. */
const REQUEST_BYTES = 4 * 1024;

const RETRY_AFTER_SECONDS = '2';

/** Told of each request that was turned away. */
export type TurnedAway = () => void;

/**
 * Turns touchpoints away with 503 while too much is under way, before their bodies are read: memory stays bounded
 * however much is sent, and SDKs come back later.
 */
export function admit(fastify: FastifyInstance, turnedAway: TurnedAway): void {
  let requests = 0;
  let bytes = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'POST' || !takesTouchpoints(request.url.split('?', 1)[0] as string)) {
      done();
      return;
    }
    const declared = Number(request.headers['content-length'] ?? UNDECLARED_BYTES);
    const size = REQUEST_BYTES + (Number.isFinite(declared) ? declared : UNDECLARED_BYTES);
    if (requests >= MAX_REQUESTS || bytes + size > MAX_BYTES) {
      turnedAway();
      void reply.status(503).header('retry-after', RETRY_AFTER_SECONDS).send({
        success: false,
        message: 'more touchpoints are under way than can be held; send this request again',
      });
      return;
    }
    requests++;
    bytes += size;
    // `close` comes once, whether the answer was sent or the client went away.
    reply.raw.once('close', () => {
      requests--;
      bytes -= size;
    });
    done();
  });
}

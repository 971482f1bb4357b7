import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { EngineError } from './engine-error.ts';

const inflate = promisify(gunzip);

/**
 * The body as the caller meant it. Throws `EngineError` for another encoding than gzip, and for a body that is or
 * grows beyond `limit` bytes: a few kilobytes of gzip can hold gigabytes.
 */
export async function decodeBody(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  if (body.length > limit) throw new EngineError(307, 'TOO_MANY_BYTES', `Bodies end at ${limit} bytes`);
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new EngineError(48, 'NOT_IMPLEMENTED', `Unknown compression method: ${encoding}`);
  }
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    throw new EngineError(354, 'ZLIB_INFLATE_FAILED', 'The gzip body is broken or too large', {
      cause: error,
    });
  }
}

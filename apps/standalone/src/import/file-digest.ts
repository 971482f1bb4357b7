import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of a file's bytes, hex. `onBytes` is told how many have been read. Ends early when `stop` aborts. */
export async function digestFile(
  path: string,
  onBytes: (bytes: number) => void,
  stop: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    stop.throwIfAborted();
    hash.update(chunk);
    onBytes(stream.bytesRead);
  }
  return hash.digest('hex');
}

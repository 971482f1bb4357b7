import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAILED_TRAILER } from '../http-interface/exception-trailer.ts';

/**
 * Before a failed answer is cut, so that its last bytes, which say why, are through: cutting throws away what has
 * not left this process.
 */
const CUT_MS = 3_000;

/** The bytes of an engine's answer; destroyed with an error where rows are missing, after all that came. */
export function answerBody(answer: IncomingMessage): Readable {
  // One byte: the next chunk is only asked for when nothing waits any more.
  const body = Readable.from(bytesOf(answer), { objectMode: false, highWaterMark: 1 });
  body.once('close', () => answer.destroy());
  return body;
}

async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of answer as AsyncIterable<Buffer>) yield chunk;
  if (answer.trailers[FAILED_TRAILER] === undefined) return;
  await sleep(CUT_MS);
  throw new Error('the statement failed behind its first rows');
}

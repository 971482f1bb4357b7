import type { EngineError } from './engine-error.ts';

/** Answer header that tells clients which tag an error behind rows would carry. */
export const EXCEPTION_TAG_HEADER = 'x-clickhouse-exception-tag';

/** Trailer of an answer by which the embedded engine tells the door that an error stands behind the rows. */
export const FAILED_TRAILER = 'x-temas-failed';

/**
 * What a ClickHouse server (25.11 and later) writes behind rows it has already sent when the statement fails then:
 * the status is gone, and without this a client sees a lost connection and not why.
 */
export function exceptionTrailer(error: EngineError, tag: string): Buffer {
  const message = error.text;
  const length = Buffer.byteLength(message);
  return Buffer.from(`\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`);
}

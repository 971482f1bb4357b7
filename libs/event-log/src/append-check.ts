import { AppendTooLarge, InvalidAppend } from './errors.ts';
import { MAX_APPEND_BYTES, MAX_APPEND_EVENTS } from './event-log.port.ts';
import type { ExpectedRevision, NewEvent } from './event-log.port.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Longest stream name and event type, in UTF-16 units; far above what Temas uses, below every engine's key limit. */
const MAX_NAME = 256;

/**
 * Refuses what the port does not take, before any adapter writes.
 *
 * Ids are lower-case UUIDs, because an engine that keeps 16 bytes would read another case back. Throws
 * `AppendTooLarge` beyond the port's limits and `InvalidAppend` for the rest.
 */
export function checkAppend(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): void {
  checkName('stream name', stream);
  if (expected !== 'noStream' && expected < 0n) throw new InvalidAppend('a negative expected revision');
  if (events.length === 0) throw new InvalidAppend('an append without events');
  if (events.length > MAX_APPEND_EVENTS) {
    throw new AppendTooLarge(`${events.length} events in one append, at most ${MAX_APPEND_EVENTS}`);
  }
  let bytes = 0;
  for (const { id, type, metadata, data } of events) {
    if (!UUID.test(id)) throw new InvalidAppend('an event id that is not a lower-case UUID');
    checkName('event type', type);
    bytes += metadata.length + data.length;
  }
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendTooLarge(`${bytes} bytes in one append, at most ${MAX_APPEND_BYTES}`);
  }
}

function checkName(what: string, name: string): void {
  if (name.length === 0 || name.length > MAX_NAME) {
    throw new InvalidAppend(`a ${what} of ${name.length} characters, 1 to ${MAX_NAME} are taken`);
  }
  if (name.startsWith('$'))
    throw new InvalidAppend(`a ${what} that starts with $, which engines keep for themselves`);
  if (name.includes('\u0000')) throw new InvalidAppend(`a ${what} that holds a zero character`);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position } from '#kernel';
import { decodeEvents } from './append-row.ts';
import { placeOf, positionOf } from './place.ts';
import { headersFrom, rowOf } from './tables.ts';
import { Turns } from './turns.ts';
import type { Delivery, SubscribeOptions } from '../../event-log.port.ts';
import type { Arrivals } from './arrivals.ts';
import type { Tables } from './tables.ts';

/** Headers read at once; also the longest stretch of other streams' appends without a `progress`. */
const BLOCK = 1_000;

/**
 * Catch-up and live reading in one loop. Holds headers and one row at a time, never a read transaction across a
 * `yield`: a slow consumer costs neither memory nor pages that LMDB cannot reuse.
 */
export async function* subscribeRows(
  tables: Tables,
  arrivals: Arrivals,
  { from, prefixes, signal }: SubscribeOptions,
): AsyncGenerator<Delivery> {
  const ended = (): boolean => signal.aborted || arrivals.ended;
  const turns = new Turns();
  const start = placeOf(from);
  let next = Math.max(start.append, 1);
  /** Every matching event up to here has been given out. */
  let position = from;
  /** How much of that the consumer can know. */
  let told = from;
  let caughtUpAt: Position | undefined;

  while (!ended()) {
    const headers = headersFrom(tables, next, BLOCK);
    for (const header of headers) {
      const { append, stream, count } = header;
      next = append + 1;
      const matches = wanted(stream, prefixes);
      if (matches) {
        const firstIndex = append === start.append ? start.index + 1 : 0;
        for (const event of decodeEvents(header, rowOf(tables, header), firstIndex)) {
          told = event.position;
          yield { kind: 'event', event };
          if (ended()) return;
        }
      }
      if (turns.due(matches ? count : 1)) {
        await nextTurn();
        if (ended()) return;
      }
    }
    position = later(position, headers.at(-1));
    if (told < position) {
      told = position;
      yield { kind: 'progress', position };
    } else if (headers.length === 0) {
      if (caughtUpAt !== position) {
        caughtUpAt = position;
        yield { kind: 'caughtUp', position };
      }
      await arrivals.at(next, signal);
    }
  }
}

function wanted(stream: string, prefixes: readonly string[]): boolean {
  return prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix));
}

/** The later of a position and an append's last event: a reader may have begun after the latter. */
function later(position: Position, header: { append: number; count: number } | undefined): Position {
  if (header === undefined) return position;
  const end = positionOf(header.append, header.count - 1);
  return end > position ? end : position;
}

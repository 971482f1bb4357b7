import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeEvents } from './append-row.ts';
import { headersOfStream, rowOf } from './tables.ts';
import { Turns } from './turns.ts';
import type { RecordedEvent } from '../../event-log.port.ts';
import type { Tables } from './tables.ts';

const PAGE = 256;

/** Events of a stream from a revision up to `last`, both inclusive. `present` throws once the log is closed. */
export async function* readStreamRows(
  tables: Tables,
  stream: string,
  from: number,
  last: number,
  present: () => void,
): AsyncGenerator<RecordedEvent> {
  const turns = new Turns();
  let next = from;
  while (next <= last) {
    present();
    for (const header of headersOfStream(tables, stream, next, PAGE)) {
      if (header.first > last) return;
      present();
      for (const event of decodeEvents(header, rowOf(tables, header), Math.max(0, next - header.first))) {
        if (event.revision > last) return;
        yield event;
      }
      next = header.first + header.count;
      if (turns.due(header.count)) await nextTurn();
    }
  }
}

/** The events at `from`, `from + 1`, … if exactly these ids stand there, one by one; else `undefined`. */
export function sameEvents(
  tables: Tables,
  stream: string,
  from: number,
  ids: readonly string[],
): RecordedEvent[] | undefined {
  const found: RecordedEvent[] = [];
  // A revision beyond the first page's appends cannot be asked for: each append holds one event at least.
  for (const header of headersOfStream(tables, stream, from, ids.length)) {
    for (const event of decodeEvents(header, rowOf(tables, header), Math.max(0, from - header.first))) {
      if (event.id !== ids[found.length]) return undefined;
      if (found.push(event) === ids.length) return found;
    }
  }
  return undefined;
}

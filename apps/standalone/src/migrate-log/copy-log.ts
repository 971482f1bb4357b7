import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable, MAX_APPEND_BYTES, MAX_APPEND_EVENTS } from '#event-log';
import type { EventLog, NewEvent, RecordedEvent } from '#event-log';
import { PROFILE_STREAMS } from '#identity';
import type { Position } from '#kernel';
import { TemasError } from '#kernel';
import { withCause } from './decision-position.ts';
import type { PositionMap } from './position-map.ts';

/** What is copied where. */
export interface CopyParts {
  readonly source: EventLog;
  readonly target: EventLog;
  readonly map: PositionMap;
  /** Events up to here are copied already. */
  readonly from: Position;
  /** Events up to here, an old position, are to be copied. */
  readonly until: Position;
  /** Told after each append: old position and events so far. */
  readonly copied: (position: Position, events: number) => void;
}

const RETRY_MS = 500;
/** Room for what a server adds to each event of an append. */
const MOST_BYTES = MAX_APPEND_BYTES / 2;
const HEAD_BYTES = 512;

/** The new log holds something else where an event is to go: it is not a new one. */
class ForeignLog extends TemasError {
  constructor(stream: string, revision: bigint) {
    super(
      'MIGRATE.FOREIGN_LOG',
      `the new log holds another event of ${stream} at revision ${revision}: it must be an empty one`,
    );
  }
}

/**
 * Copies events in log order, one append at a time, each to its own stream and revision with its own id. Neighbours of a
 * stream go together. What the new log holds already is recognised, so a copy can be begun again anywhere. Decisions
 * name the position of their cause, which is another one in the new log. Answers the number of events copied.
 */
export async function copyLog(parts: CopyParts): Promise<number> {
  const abort = new AbortController();
  let run: RecordedEvent[] = [];
  let bytes = 0;
  let events = 0;
  const flush = async (): Promise<void> => {
    if (run.length === 0) return;
    await appendRun(parts, run);
    events += run.length;
    parts.copied((run.at(-1) as RecordedEvent).position, events);
    run = [];
    bytes = 0;
  };
  const { source, from, until } = parts;
  for await (const delivery of source.subscribe({ from, prefixes: [], signal: abort.signal })) {
    if (delivery.kind === 'caughtUp') break;
    if (delivery.kind !== 'event') continue;
    const { event } = delivery;
    if (event.position > until) break;
    const size = event.data.length + event.metadata.length + HEAD_BYTES;
    const last = run.at(-1);
    const follows =
      last === undefined || (last.stream === event.stream && last.revision + 1n === event.revision);
    if (!follows || run.length === MAX_APPEND_EVENTS || bytes + size > MOST_BYTES) await flush();
    // Copies: a delivery's buffers are views that do not outlive it.
    run.push({ ...event, metadata: Buffer.from(event.metadata), data: Buffer.from(event.data) });
    bytes += size;
  }
  await flush();
  abort.abort();
  return events;
}

async function appendRun({ target, map }: CopyParts, run: readonly RecordedEvent[]): Promise<void> {
  const { stream, revision } = run[0] as RecordedEvent;
  const events = run.map(({ id, type, metadata, data }): NewEvent => ({
    id,
    type,
    metadata,
    data: withCause(stream, data, (position) => map.get(position) ?? position),
  }));
  const expected = revision === 0n ? 'noStream' : revision - 1n;
  for (;;) {
    try {
      const result = await target.append(stream, events, expected);
      if (result.outcome === 'conflict') throw new ForeignLog(stream, revision);
      // Nothing refers to decisions.
      if (stream.startsWith(PROFILE_STREAMS)) return;
      run.forEach(({ position }, i) => map.add(position, result.positions[i] as Position));
      return;
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      await pause(RETRY_MS);
    }
  }
}

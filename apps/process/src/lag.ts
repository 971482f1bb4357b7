import type { Position } from '#kernel';
import type { EventLog } from '#event-log';
import { decodeEnvelope } from '#touchpoint';
import type { Lag } from './metrics.ts';

/** More than this is not counted: a scrape must stay cheap. */
const COUNT_UP_TO = 50_000;

/** Counts the touchpoints after `position`, and the age of the first of them. Costs nothing when caught up. */
export async function measureLag(
  log: EventLog,
  projection: string,
  position: Position,
  nowMs: number,
): Promise<Lag> {
  let events = 0;
  let seconds = 0;
  if ((await log.head()) > position) {
    const abort = new AbortController();
    for await (const delivery of log.subscribe({
      from: position,
      prefixes: ['touchpoint-'],
      signal: abort.signal,
    })) {
      if (delivery.kind === 'caughtUp') break;
      if (delivery.kind !== 'event') continue;
      if (events++ === 0)
        seconds = Math.max(0, nowMs - decodeEnvelope(delivery.event.metadata).receivedAt) / 1000;
      if (events === COUNT_UP_TO) break;
    }
    abort.abort();
  }
  return { projection, position, events, seconds };
}

import { createHash } from 'node:crypto';
import type { EventLog, RecordedEvent } from '#event-log';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { withCause } from './decision-position.ts';

/** What a log says, whatever the places at which it says it. */
export interface LogDigest {
  readonly events: number;
  /** SHA-256, hex, over stream, revision, id, type, metadata and body of every event in log order; no positions. */
  readonly sha256: string;
}

/** Digest of the first `most` events of a log, or of those up to `until`. `progress` is told the events so far. */
export async function digestLog(
  log: EventLog,
  end: { readonly most: number } | { readonly until: Position },
  progress: (events: number) => void,
): Promise<LogDigest> {
  const hash = createHash('sha256');
  const abort = new AbortController();
  let events = 0;
  if ('most' in end && end.most === 0) return { events, sha256: hash.digest('hex') };
  for await (const delivery of log.subscribe({ from: ORIGIN, prefixes: [], signal: abort.signal })) {
    if (delivery.kind === 'caughtUp') break;
    if (delivery.kind !== 'event') continue;
    if ('until' in end && delivery.event.position > end.until) break;
    for (const part of partsOf(delivery.event)) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      hash.update(length).update(part);
    }
    if (++events % 1_000 === 0) progress(events);
    if ('most' in end && events === end.most) break;
  }
  abort.abort();
  return { events, sha256: hash.digest('hex') };
}

function partsOf({ stream, revision, id, type, metadata, data }: RecordedEvent): Uint8Array[] {
  const names = [stream, revision.toString(), id, type].map((text) => Buffer.from(text, 'utf8'));
  return [...names, metadata, withCause(stream, data, () => undefined)];
}

import type { RecordedEvent } from '#event-log';
import { readTally } from '#quality';
import type { Deduped } from './dedupe.ts';
import type { ArrivalFact } from './folded-block.ts';
import type { OpenedTouchpoint } from './opened.ts';

/** What an event of a quality stream tells of arrivals. Throws `UnreadableTally` for one of a newer version. */
export function talliedArrivals(event: RecordedEvent): ArrivalFact[] {
  const { workspace, counts = [] } = readTally(event) ?? {};
  if (workspace === undefined) return [];
  return counts.map((count, n) => ({ ...count, workspace, position: event.position, n }));
}

/** Repetitions that reached the log: the collector's cache spares it most of them. */
export function repeatedArrivals({
  repeated,
  differing,
}: Pick<Deduped, 'repeated' | 'differing'>): ArrivalFact[] {
  return [
    ...repeated.map((touchpoint) => repetition(touchpoint, '')),
    ...differing.map((touchpoint) => repetition(touchpoint, 'other_content')),
  ];
}

function repetition({ envelope, position }: OpenedTouchpoint, code: string): ArrivalFact {
  const { workspace, source, receivedAt } = envelope;
  const day = new Date(receivedAt).toISOString().slice(0, 10);
  return { workspace, source, day, outcome: 'repeated', code, items: 1, lastAt: receivedAt, position, n: 0 };
}

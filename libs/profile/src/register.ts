import { compareText, type EventId, type SourceName } from '#kernel';

/** The newest word on one trait: who said what, when. `null` as value says that the trait is gone. */
export interface Register {
  readonly value: unknown;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly source: SourceName;
  readonly eventId: EventId;
  /** Rank of the source: the higher one wins at equal times. */
  readonly rank: number;
  /** Index in the batch: the later call wins at equal times. */
  readonly index: number;
}

/** Total order of registers of one trait: by time, source rank, place in the batch, event id. */
export function compareRegisters(a: Register, b: Register): number {
  return a.at - b.at || a.rank - b.rank || a.index - b.index || compareText(a.eventId, b.eventId);
}

/** The greater of two registers. Commutative, associative, idempotent: order and repetition do not matter. */
export function newest(a: Register | undefined, b: Register): Register {
  return a === undefined || compareRegisters(a, b) < 0 ? b : a;
}

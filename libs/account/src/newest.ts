import { compareText } from '#kernel';
import type { Register } from '#profile';

/**
 * The greater of two registers by time, source rank, place in the batch, event id: the order of a person's traits.
 * Commutative, associative, idempotent.
 */
export function newest(a: Register | undefined, b: Register): Register {
  if (a === undefined) return b;
  const order = a.at - b.at || a.rank - b.rank || a.index - b.index || compareText(a.eventId, b.eventId);
  return order < 0 ? b : a;
}

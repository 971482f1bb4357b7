/** What a touchpoint says of an order. */
export type OrderEventKind = 'completed' | 'updated' | 'refunded' | 'cancelled';

const KINDS: ReadonlyMap<string, OrderEventKind> = new Map([
  ['order completed', 'completed'],
  ['completed order', 'completed'],
  ['order updated', 'updated'],
  ['updated order', 'updated'],
  ['order refunded', 'refunded'],
  ['order cancelled', 'cancelled'],
]);

/** The kind of order event that the name of a track call means, in any case, in either e-commerce spec, v2 or v1. */
export function orderEventKind(name: string): OrderEventKind | undefined {
  return KINDS.get(name.trim().toLowerCase());
}

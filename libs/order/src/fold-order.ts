import type { UnitOfWork } from '#state-store';
import { compareFacts } from './decisive-facts.ts';
import { keptFacts } from './kept-facts.ts';
import type { OrderInput } from './order-input.ts';
import { ANCHOR_ORDERS, anchorOrderKey, ORDER_LINES, orderKey, ORDERS } from './order-rows.ts';

/** Loads what `foldOrder` and `orderOf` read of these inputs' orders. */
export async function loadOrders(
  work: UnitOfWork,
  inputs: Iterable<Pick<OrderInput, 'workspace' | 'orderId'>>,
): Promise<void> {
  const keys = Array.from(inputs, ({ workspace, orderId }) => orderKey(workspace, orderId));
  await work.load(ORDERS, keys);
  await work.load(ORDER_LINES, keys);
}

/**
 * Adds one event's word to its order. Answers the key of the order that may have changed, `undefined` where the event
 * was known. Neither order nor repetition matters; only the count of facts left out needs each touchpoint once.
 * Throws `RowNotLoaded` for an order that `loadOrders` did not load.
 */
export function foldOrder(work: UnitOfWork, input: OrderInput): { readonly key: string } | undefined {
  const { workspace, orderId, fact, lines } = input;
  const key = orderKey(workspace, orderId);
  const { facts, dropped } = work.get(ORDERS, key) ?? { facts: [], dropped: 0 };
  if (facts.some(({ eventId }) => eventId === fact.eventId)) return undefined;
  const known = [...facts, fact].sort(compareFacts);
  const kept = keptFacts(known);
  work.set(ORDERS, key, { facts: kept, dropped: dropped + known.length - kept.length });
  if (fact.anchor !== null) work.set(ANCHOR_ORDERS, anchorOrderKey(fact.anchor[1], key), 1);
  if (lines !== undefined) {
    const { eventId, at, position } = fact;
    const next = { eventId, at, position, ...lines };
    const held = work.get(ORDER_LINES, key);
    if (held === undefined || compareFacts(next, held) > 0) work.set(ORDER_LINES, key, next);
  }
  return { key };
}

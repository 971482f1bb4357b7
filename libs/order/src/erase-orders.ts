import type { Ref, Workspace } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { ANCHOR_ORDERS, ORDER_LINES, ORDERS } from './order-rows.ts';

/** What became of the orders of erased people. */
export interface ErasedOrders {
  /** Orders of which nothing is left. */
  readonly gone: readonly string[];
  /** Orders that others told of too: their facts are left, their lines are those of before. */
  readonly mixed: readonly { readonly workspace: Workspace; readonly orderId: string }[];
}

/**
 * Takes what erased anchors told of orders back. `keys` are the `o.anchor` rows of these anchors, all of them. An order
 * of several people keeps what the others told, without lines where those came from an erased one: which ones it has then
 * only the events in the log can tell.
 */
export async function eraseOrders(
  work: UnitOfWork,
  keys: readonly string[],
  erased: ReadonlySet<Ref>,
): Promise<ErasedOrders> {
  const orders = new Set(keys.map((key) => key.slice(key.indexOf('/') + 1)));
  await work.load(ORDERS, orders);
  await work.load(ORDER_LINES, orders);
  const gone: string[] = [];
  const mixed: ErasedOrders['mixed'][number][] = [];
  for (const key of keys) work.set(ANCHOR_ORDERS, key, undefined);
  for (const key of orders) {
    const row = work.get(ORDERS, key);
    const facts = row?.facts.filter(({ anchor }) => anchor === null || !erased.has(anchor[1])) ?? [];
    const cut = key.indexOf('/');
    const orderId = key.slice(cut + 1);
    if (row === undefined || facts.length === 0) {
      gone.push(orderId);
      work.set(ORDERS, key, undefined);
      work.set(ORDER_LINES, key, undefined);
    } else {
      mixed.push({ workspace: key.slice(0, cut) as Workspace, orderId });
      work.set(ORDERS, key, { ...row, facts });
      const lines = work.get(ORDER_LINES, key);
      if (lines !== undefined && !facts.some(({ eventId }) => eventId === lines.eventId))
        work.set(ORDER_LINES, key, undefined);
    }
  }
  return { gone, mixed };
}

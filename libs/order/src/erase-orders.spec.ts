import { describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { UnitOfWork } from '#state-store';
import { eraseOrders } from './erase-orders.ts';
import type { OrderInput } from './order-input.ts';
import { ANCHOR_ORDERS } from './order-rows.ts';
import { orderOf } from './order.ts';
import { input, storeOf, WORKSPACE } from './testing/inputs.ts';

const ERASED = new Set(['1' as Ref]);

function told(place: number, ref: string, orderId: string, products?: object[]): OrderInput {
  const properties = { order_id: orderId, revenue: place, ...(products === undefined ? {} : { products }) };
  return input('Order Completed', properties, { place, anchor: ['user_id', ref] });
}

/** Rows after these events and the erasure of `1`, beside what the erasure answered. */
async function erased(inputs: readonly OrderInput[]) {
  const store = await storeOf([inputs]);
  const keys = [...store.rows.keys()]
    .filter((key) => key.startsWith(`${ANCHOR_ORDERS.name} 1/`))
    .map((key) => key.slice(ANCHOR_ORDERS.name.length + 1));
  const work = new UnitOfWork(store);
  const answer = await eraseOrders(work, keys, ERASED);
  return { answer, work, writes: work.writes() };
}

describe('orders of an erased person', () => {
  it('go where nobody else told of them, however often their ids hold a slash', async () => {
    const { answer, writes } = await erased([told(1, '1', 'a/b'), told(2, '1', 'c'), told(3, '2', 'd')]);
    expect(answer).toEqual({ gone: ['a/b', 'c'], mixed: [] });
    expect(writes.filter(({ value }) => value !== null)).toEqual([]);
    expect(writes.map(({ key }) => key)).not.toContain('default/d');
  });

  it('keep what others told, and no line of the erased one', async () => {
    const { answer, work } = await erased([
      told(1, '2', 'joint', [{ product_id: 'theirs' }]),
      told(2, '1', 'joint', [{ product_id: 'mine' }]),
    ]);
    expect(answer).toEqual({ gone: [], mixed: [{ workspace: WORKSPACE, orderId: 'joint' }] });
    expect(orderOf(work, WORKSPACE, 'joint')).toMatchObject({ anchor: '2', gross: '1.0000', items: [] });
  });
});

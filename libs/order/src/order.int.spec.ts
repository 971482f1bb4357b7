import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRocksStateStore, UnitOfWork, type StateStore } from '#state-store';
import { foldOrder, loadOrders } from './fold-order.ts';
import { input, orderFrom, readOrder } from './testing/inputs.ts';

let folder: string;
let store: StateStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temas-order-'));
  store = await openRocksStateStore({ path: join(folder, 'state') });
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an order in the state store', () => {
  it('reads after each commit as the fold knows it', async () => {
    const products = [{ product_id: 'çay-1', name: 'Çay “özel”', price: '19.90' }];
    const order_id = ' Sipariş/1 ';
    const inputs = [
      input('Order Refunded', { order_id, total: '9.95' }, { place: 1 }),
      input('Order Completed', { order_id, revenue: '19.90', currency: 'TRY', products }, { place: 2 }),
      input('Order Updated', { order_id, revenue: '29.85', currency: 'TRY' }, { place: 3 }),
      input('Order Cancelled', { order_id }, { place: 4 }),
    ];
    for (const [i, one] of inputs.entries()) {
      const work = new UnitOfWork(store);
      await loadOrders(work, [one]);
      foldOrder(work, one);
      await store.commit(work.writes());
      const expected = await orderFrom(inputs.slice(0, i + 1), 'Sipariş/1');
      expect(await readOrder(store, 'Sipariş/1')).toEqual(expected);
      expect(expected === null).toBe(i === 0);
    }
    expect(await readOrder(store, 'Sipariş/1')).toMatchObject({
      status: 'cancelled',
      gross: '29.8500',
      items: [{ productId: 'çay-1', name: 'Çay “özel”' }],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Workspace } from '#kernel';
import { UnitOfWork } from '#state-store';
import { foldOrder, loadOrders } from './fold-order.ts';
import { FACTS_MAX } from './kept-facts.ts';
import type { OrderInput } from './order-input.ts';
import { ORDERS } from './order-rows.ts';
import { input, MemoryRows, orderFrom, readOrder, storeOf } from './testing/inputs.ts';

const completed = (place: number, revenue: unknown = '100', more = {}): OrderInput =>
  input('Order Completed', { revenue, currency: 'TRY', ...more }, { place });
const updated = (place: number, properties = {}): OrderInput => input('Order Updated', properties, { place });
const refunded = (place: number, total?: unknown, more = {}): OrderInput =>
  input('Order Refunded', { ...(total === undefined ? {} : { total }), ...more }, { place });
const cancelled = (place: number): OrderInput => input('Order Cancelled', {}, { place });

/** Status and money after the events arrived in this order, which no other order may change. */
async function outcome(...inputs: OrderInput[]): Promise<string | undefined> {
  const order = await orderFrom(inputs);
  expect(await orderFrom(inputs.toReversed())).toEqual(order);
  if (order === null) return undefined;
  return `${order.status} ${order.gross} ${order.refunded} ${order.net} ${order.currency}`;
}

describe('what becomes of an order', () => {
  it.each<[string, OrderInput[], string | undefined]>([
    ['is completed', [completed(1)], 'completed 100.0000 0.0000 100.0000 TRY'],
    [
      'is one, told by browser and server',
      [completed(1), completed(2)],
      'completed 100.0000 0.0000 100.0000 TRY',
    ],
    [
      'has the gross of the newest event',
      [completed(1), updated(2, { revenue: '80', currency: 'TRY' })],
      'completed 80.0000 0.0000 80.0000 TRY',
    ],
    ['is known from an update alone', [updated(1, { total: 5 })], 'completed 5.0000 0.0000 5.0000 USD'],
    [
      'keeps its gross when an update names none',
      [completed(1), updated(2)],
      'completed 100.0000 0.0000 100.0000 TRY',
    ],
    [
      'keeps its currency when an update names none',
      [completed(1), updated(2, { revenue: 80 })],
      'completed 80.0000 0.0000 80.0000 TRY',
    ],
    [
      'is refunded in part',
      [completed(1), refunded(2, '30')],
      'partially_refunded 100.0000 30.0000 70.0000 TRY',
    ],
    [
      'adds distinct refunds up',
      [completed(1), refunded(2, '30'), refunded(3, '30')],
      'partially_refunded 100.0000 60.0000 40.0000 TRY',
    ],
    [
      'counts a refund told again once',
      [completed(1), refunded(2, '30'), refunded(2, '30')],
      'partially_refunded 100.0000 30.0000 70.0000 TRY',
    ],
    [
      'is refunded in full by parts',
      [completed(1), refunded(2, '30'), refunded(3, '70')],
      'refunded 100.0000 100.0000 0.0000 TRY',
    ],
    [
      'gives back no more than it brought',
      [completed(1), refunded(2, '118')],
      'refunded 100.0000 100.0000 0.0000 TRY',
    ],
    [
      'is refunded in full where no amount is named',
      [completed(1), refunded(2)],
      'refunded 100.0000 100.0000 0.0000 TRY',
    ],
    [
      'stays refunded in full when it grows',
      [completed(1), refunded(2), updated(3, { revenue: 150, currency: 'TRY' })],
      'refunded 150.0000 150.0000 0.0000 TRY',
    ],
    [
      'is refunded in part when it grows beyond the amount',
      [completed(1), refunded(2, 100), updated(3, { revenue: 150, currency: 'TRY' })],
      'partially_refunded 150.0000 100.0000 50.0000 TRY',
    ],
    [
      'shrinks to what was given back',
      [completed(1), refunded(2, 60), updated(3, { revenue: 50, currency: 'TRY' })],
      'refunded 50.0000 50.0000 0.0000 TRY',
    ],
    ['is known only once it was completed', [refunded(1, '30')], undefined],
    [
      'remembers the refund that came first',
      [refunded(1, '30'), completed(2)],
      'partially_refunded 100.0000 30.0000 70.0000 TRY',
    ],
    ['is none for a cancellation alone', [cancelled(1), refunded(2)], undefined],
    ['is cancelled', [completed(1), cancelled(2)], 'cancelled 100.0000 0.0000 0.0000 TRY'],
    ['stays cancelled', [cancelled(1), completed(2)], 'cancelled 100.0000 0.0000 0.0000 TRY'],
    [
      'stays cancelled after an update and a refund',
      [completed(1), cancelled(2), updated(3, { revenue: 80 }), refunded(4, 30)],
      'cancelled 80.0000 30.0000 0.0000 TRY',
    ],
    ['is completed at no price', [completed(1, 0)], 'completed 0.0000 0.0000 0.0000 TRY'],
    [
      'has nothing to give back at no price',
      [completed(1, 0), refunded(2)],
      'completed 0.0000 0.0000 0.0000 TRY',
    ],
    [
      'gives back nothing with a refund of nothing',
      [completed(1), refunded(2, 0)],
      'completed 100.0000 0.0000 100.0000 TRY',
    ],
    [
      'sums to the last digit',
      [completed(1, '0.3'), refunded(2, 0.1), refunded(3, 0.2)],
      'refunded 0.3000 0.3000 0.0000 TRY',
    ],
  ])('%s', async (_, inputs, expected) => {
    expect(await outcome(...inputs)).toBe(expected);
  });

  it('decides by event time, and at equal times by place in the log', async () => {
    const at = (place: number, time: number, revenue: number): OrderInput =>
      input('Order Updated', { revenue }, { place, at: time });
    expect(await orderFrom([at(9, 1_000, 1), at(10, 1_000, 2)])).toMatchObject({ gross: '2.0000' });
    expect(await orderFrom([at(9, 2_000, 1), at(10, 1_000, 2)])).toMatchObject({ gross: '1.0000' });
  });

  it('is dated by its earliest completion, else by its earliest update', async () => {
    expect(await orderFrom([updated(1), completed(2), completed(3), refunded(4)])).toMatchObject({
      orderedAt: 2_000,
    });
    expect(await orderFrom([updated(2), updated(1), cancelled(3)])).toMatchObject({ orderedAt: 1_000 });
  });

  it('is told apart by workspace', async () => {
    const theirs = { ...completed(2, 7), workspace: 'other' as Workspace };
    const store = await storeOf([[completed(1), theirs]]);
    expect(await readOrder(store)).toMatchObject({ gross: '100.0000' });
    expect(await readOrder(store, 'o-1', 'other' as Workspace)).toMatchObject({ gross: '7.0000' });
    expect(await readOrder(store, 'none')).toBeNull();
  });
});

describe('what is flagged', () => {
  it('leaves refunds in another currency out of the sum, and full ones in it', async () => {
    const abroad = [completed(1), refunded(2, 30, { currency: 'EUR' }), refunded(3, 5, { currency: 'TRY' })];
    expect(await orderFrom(abroad)).toMatchObject({
      status: 'partially_refunded',
      refunded: '5.0000',
      flags: [{ code: 'refund_in_other_currency', count: 1 }],
    });
    expect(await orderFrom([completed(1), refunded(2, undefined, { currency: 'EUR' })])).toMatchObject({
      status: 'refunded',
      flags: [],
    });
  });

  it('takes an unreadable refund for a full one', async () => {
    expect(await orderFrom([completed(1), refunded(2, '30,00')])).toMatchObject({
      status: 'refunded',
      flags: [{ code: 'refund_unreadable', count: 1 }],
    });
  });

  it('says where no event states an amount', async () => {
    expect(await orderFrom([completed(1, '1.299,90')])).toMatchObject({
      gross: '0.0000',
      currency: 'TRY',
      flags: [{ code: 'amount_missing', count: 1 }],
    });
  });

  it('says where only an amount below zero is stated, unless another event knows better', async () => {
    const flags = [{ code: 'amount_negative', count: 1 }];
    expect(await orderFrom([completed(1, -5)])).toMatchObject({ gross: '0.0000', flags });
    expect(await orderFrom([completed(1, -5), completed(2, 7)])).toMatchObject({
      gross: '7.0000',
      flags: [],
    });
  });
});

describe('whose order it is', () => {
  const by = (place: number, ns: string, event = 'Order Completed'): OrderInput =>
    input(event, {}, { place, anchor: [ns, `${place}`] });

  it.each<[string, OrderInput[], string | null]>([
    ['the best anchor’s', [by(1, 'anonymous_id'), by(2, 'user_id'), by(3, 'email')], '2'],
    ['the earliest of equals', [by(2, 'email'), by(1, 'email'), by(3, 'phone')], '1'],
    ['the one that only a refund names', [by(1, 'anonymous_id'), by(2, 'email', 'Order Refunded')], '2'],
    ['nobody’s', [input('Order Completed', {}, { anchor: null })], null],
    [
      'of the one event that has an anchor',
      [input('Order Completed', {}, { anchor: null }), by(2, 'phone')],
      '2',
    ],
  ])('%s', async (_, inputs, anchor) => {
    expect(await orderFrom(inputs)).toMatchObject({ anchor });
    expect(await orderFrom(inputs.toReversed())).toMatchObject({ anchor });
  });
});

describe('the items of an order', () => {
  const products = (...ids: string[]): { products: unknown } => ({
    products: ids.map((id) => ({ product_id: id, quantity: 2, price: '9.95' })),
  });

  it('are those of the newest event that has some', async () => {
    const inputs = [
      completed(1, 1, products('a')),
      updated(2, products('b', 'c')),
      updated(3, { products: [] }),
    ];
    for (const order of [inputs, inputs.toReversed()]) {
      const found = await orderFrom(order);
      expect(found?.items.map(({ line, productId }) => [line, productId])).toEqual([
        [1, 'b'],
        [2, 'c'],
      ]);
      expect(found?.items[0]).toMatchObject({ quantity: '2.0000', price: '9.9500', currency: 'TRY' });
    }
  });

  it('are never those of a refund', async () => {
    expect(await orderFrom([completed(1), refunded(2, 1, products('a'))])).toMatchObject({ items: [] });
  });

  it('are told to be more than are kept', async () => {
    expect(
      await orderFrom([completed(1, 1, products(...Array.from({ length: 503 }, (_, i) => `${i}`)))]),
    ).toMatchObject({ flags: [{ code: 'lines_dropped', count: 3 }] });
  });
});

describe('the fold', () => {
  it('answers the key of the order it changed, and nothing for an event that it knows', async () => {
    const work = new UnitOfWork(new MemoryRows());
    await loadOrders(work, [completed(1)]);
    expect(foldOrder(work, completed(1))).toEqual({ key: 'default/o-1' });
    expect(foldOrder(work, refunded(2))).toEqual({ key: 'default/o-1' });
    expect(foldOrder(work, refunded(2))).toBeUndefined();
    expect(work.get(ORDERS, 'default/o-1')?.facts).toHaveLength(2);
  });

  it('refuses an order that nobody loaded', () => {
    const work = new UnitOfWork(new MemoryRows());
    expect(() => foldOrder(work, completed(1))).toThrow(
      expect.objectContaining({ code: 'STATE_STORE.NOT_LOADED' }),
    );
  });

  it('is exact over any number of updates', async () => {
    const history = [
      input('Order Completed', { revenue: 5 }, { place: 1, anchor: ['email', '5'] }),
      ...Array.from({ length: 2 * FACTS_MAX }, (_, i) => updated(i + 2, { revenue: i, currency: 'TRY' })),
      refunded(900, 9),
    ].map((one, i) => ({ ...one, fact: { ...one.fact, anchor: i === 0 ? one.fact.anchor : null } }));
    for (const order of [history, history.toReversed()]) {
      expect(await orderFrom(order)).toMatchObject({
        anchor: '5',
        orderedAt: 1_000,
        gross: '399.0000',
        net: '390.0000',
        flags: [{ code: 'facts_dropped', count: 201 }],
      });
    }
  });

  it('loses the smallest of too many refunds', async () => {
    const refunds = Array.from({ length: FACTS_MAX + 3 }, (_, i) => refunded(i + 2, i + 1));
    for (const order of [refunds, refunds.toReversed()]) {
      // 4 + 5 + … + 203
      expect(await orderFrom([completed(1, 1_000_000), ...order])).toMatchObject({
        refunded: '20700.0000',
        flags: [{ code: 'facts_dropped', count: 3 }],
      });
    }
  });
});

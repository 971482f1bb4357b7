import { describe, expect, it } from '@jest/globals';
import { LINES_MAX } from './order-lines.ts';
import { input, read } from './testing/inputs.ts';

describe('which touchpoints are order events', () => {
  it.each([
    ['Order Completed', 'completed'],
    ['Completed Order', 'completed'],
    ['Order Updated', 'updated'],
    ['Updated Order', 'updated'],
    ['Order Refunded', 'refunded'],
    ['Order Cancelled', 'cancelled'],
    ['  order COMPLETED ', 'completed'],
  ])('%p is %s', (event, kind) => {
    expect(read(event, { order_id: 'o-1' })?.fact.kind).toBe(kind);
  });

  it.each([
    'Checkout Started',
    'Started Order',
    'Order',
    'Order  Completed',
    'Orders Completed',
    '',
    '__proto__',
  ])('%p is none', (event) => {
    expect(read(event, { order_id: 'o-1' })).toBeUndefined();
  });

  it('takes no page for one, whatever its name', () => {
    expect(read('Order Completed', { order_id: 'o-1' }, { kind: 'page' })).toBeUndefined();
  });
});

describe('which order an event is about', () => {
  it.each([
    ['o-1', 'o-1'],
    [' o-1\n', 'o-1'],
    [1001, '1001'],
    ['a/b c', 'a/b c'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('%p is order %p', (order_id, orderId) => {
    expect(read('Order Completed', { order_id })?.orderId).toBe(orderId);
    expect(read('Completed Order', { orderId: order_id })?.orderId).toBe(orderId);
  });

  it.each([
    undefined,
    null,
    '',
    '  ',
    'null',
    'undefined',
    0,
    true,
    {},
    ['o-1'],
    2 ** 60,
    'x'.repeat(256),
    '\ud800',
  ])('%p names none: a purchase is an order of its own, a refund or a cancellation nothing', (order_id) => {
    expect(read('Order Completed', { order_id }, { place: 4 })?.orderId).toBe('event-4');
    expect(read('Order Updated', { order_id }, { place: 4 })?.orderId).toBe('event-4');
    expect(read('Order Refunded', { order_id })).toBeUndefined();
    expect(read('Order Cancelled', { order_id })).toBeUndefined();
  });

  it('needs no properties at all', () => {
    expect(read('Order Completed')).toMatchObject({
      orderId: 'event-1',
      fact: { amount: null, currency: null },
    });
  });
});

describe('what an event says of an order', () => {
  it('keeps what the row needs and no more', () => {
    expect(input('Order Completed', { revenue: '25', coupon: 'x', currency: ' eur ' }, { place: 3 })).toEqual(
      {
        workspace: 'default',
        orderId: 'o-1',
        fact: {
          eventId: 'event-3',
          kind: 'completed',
          at: 3_000,
          position: '3',
          anchor: ['user_id', '1'],
          amount: '25.0000',
          currency: 'EUR',
        },
      },
    );
    expect(input('Order Cancelled', { revenue: 25 }, { anchor: null }).fact).toMatchObject({
      anchor: null,
      amount: null,
    });
  });

  it.each([
    ['revenue first', { revenue: 25, subtotal: 22, total: 30 }, '25.0000'],
    ['a revenue of zero', { revenue: 0, subtotal: 22 }, '0.0000'],
    ['subtotal next', { revenue: null, subtotal: '22.5', total: 30 }, '22.5000'],
    ['subtotal for an unreadable revenue', { revenue: '22,50', subtotal: '22.5' }, '22.5000'],
    ['subtotal for a negative revenue', { revenue: -1, subtotal: '22.5' }, '22.5000'],
    ['total without shipping and tax', { total: 30, shipping: '3', tax: 2.01 }, '24.9900'],
    ['total alone', { total: 30 }, '30.0000'],
    ['nothing for a total below shipping and tax', { total: 3, shipping: 3, tax: 2 }, null],
    ['nothing where nothing is said', { value: 5 }, null],
  ])('reads gross from %s', (_, properties, amount) => {
    expect(input('Order Completed', properties).fact.amount).toBe(amount);
    expect(input('Order Updated', properties).fact.amount).toBe(amount);
  });

  it.each([
    [{ revenue: -5 }, true],
    [{ total: '-0.01', shipping: 3 }, true],
    [{ revenue: -5, total: 5 }, undefined],
    [{ total: 3, shipping: 5 }, undefined],
    [{}, undefined],
  ])('knows an amount below zero of %j', (properties, negative) => {
    expect(input('Order Completed', properties).fact.negative).toBe(negative);
  });

  it.each([
    [{ total: 5 }, { amount: '5.0000' }],
    [{ total: '-5' }, { amount: '5.0000' }],
    [{ total: 0 }, { amount: '0.0000' }],
    [{ total: null, revenue: 4 }, { amount: '4.0000' }],
    [{}, { amount: null }],
    [{ products: [{ price: 5 }] }, { amount: null }],
    [
      { total: '5,00', revenue: 4 },
      { amount: null, unreadable: true },
    ],
  ])('reads a refund of %j', (properties, expected) => {
    const { fact, lines } = input('Order Refunded', properties);
    expect(fact).toMatchObject(expected);
    expect('unreadable' in fact).toBe('unreadable' in expected);
    expect(lines).toBeUndefined();
  });

  it.each(['₺', 'TL', 'EURO', '', 949, null, {}])('takes %p for no currency', (currency) => {
    expect(input('Order Completed', { currency }).fact.currency).toBeNull();
  });
});

describe('the lines of an order', () => {
  it('reads each product, by either version of the spec', () => {
    const products = [
      {
        product_id: ' p-1 ',
        sku: 45,
        name: 'Çay',
        category: 'Mutfak',
        quantity: 1.5,
        price: '19.90',
        currency: 'try',
      },
      'no product',
      { id: 'p-2', name: '', quantity: 'two', price: '19,90' },
    ];
    expect(input('Order Completed', { products, currency: 'EUR' }).lines).toEqual({
      lines: [
        {
          line: 1,
          productId: 'p-1',
          sku: '45',
          name: 'Çay',
          category: 'Mutfak',
          quantity: '1.5000',
          price: '19.9000',
          currency: 'TRY',
        },
        {
          line: 3,
          productId: 'p-2',
          sku: null,
          name: null,
          category: null,
          quantity: '1.0000',
          price: null,
          currency: 'EUR',
        },
      ],
      dropped: 0,
    });
  });

  it.each([undefined, null, [], ['p'], {}, 'p'])('finds none in %j', (products) => {
    expect(input('Order Completed', { products })).not.toHaveProperty('lines');
  });

  it(`keeps ${LINES_MAX} and counts the others`, () => {
    const { lines } = input('Order Updated', { products: Array.from({ length: 510 }, () => ({})) });
    expect(lines).toMatchObject({ dropped: 10 });
    expect(lines?.lines.at(-1)?.line).toBe(LINES_MAX);
  });
});

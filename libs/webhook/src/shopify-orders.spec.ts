import { describe, expect, it } from '@jest/globals';
import { mapItem } from './map-item.ts';
import { accepted, summary } from './testing/accepted.ts';

const ORDER = {
  id: 5001,
  email: 'alici@firma.com.tr',
  user_id: 99,
  created_at: '2024-03-01T10:00:00+03:00',
  updated_at: '2024-03-01T10:05:00+03:00',
  cancelled_at: null,
  cart_token: 'c1-abc',
  checkout_id: 900,
  currency: 'TRY',
  subtotal_price: '170.00',
  total_price: '219.90',
  total_tax: '29.90',
  total_discounts: '10.00',
  total_shipping_price_set: { shop_money: { amount: '20.00', currency_code: 'TRY' } },
  discount_codes: [{ code: 'BAHAR', amount: '10.00', type: 'fixed_amount' }],
  landing_site: '/kampanya?utm_source=google&utm_campaign=bahar',
  client_details: { browser_ip: '85.1.2.3', user_agent: 'Mozilla/5.0 (iPhone)' },
  customer: { id: 207119551, email: 'alici@firma.com.tr', phone: '+905321234568' },
  line_items: [
    {
      id: 1,
      product_id: 632910392,
      variant_id: 808950810,
      sku: 'IPOD',
      title: 'IPod',
      quantity: 1,
      price: '90.00',
    },
    { id: 2, product_id: null, title: 'Hediye', quantity: 2, price: '45.00' },
  ],
};

const shopify = { vendor: 'shopify' } as const;
const ids = [
  'anonymous_id:c1-abc',
  'email:alici@firma.com.tr',
  'phone:+905321234568',
  'shopify_customer_id:207119551',
  'shopify_order_id:5001',
];

describe('Shopify orders', () => {
  it('are events that the order fold reads, with the buyer and never the member of staff', () => {
    expect(summary(shopify, ORDER, 'orders/create')).toEqual({
      event: 'Order Completed',
      ids,
      at: '2024-03-01T07:00:00.000Z',
    });
    expect(mapItem(shopify, { item: ORDER, topic: 'orders/create' })).toMatchObject({
      properties: {
        order_id: '5001',
        checkout_id: '900',
        revenue: '170.00',
        subtotal: '170.00',
        total: '219.90',
        tax: '29.90',
        shipping: '20.00',
        discount: '10.00',
        coupon: 'BAHAR',
        currency: 'TRY',
        products: [
          {
            product_id: '632910392',
            variant_id: '808950810',
            sku: 'IPOD',
            name: 'IPod',
            quantity: 1,
            price: '90.00',
          },
          { name: 'Hediye', quantity: 2, price: '45.00' },
        ],
      },
      context: { ip: '85.1.2.3', campaign: { name: 'bahar', source: 'google' }, page: { path: '/kampanya' } },
    });
  });

  it.each([
    ['orders/paid', 'Order Updated'],
    ['orders_updated', 'Order Updated'],
    ['orders/cancelled', 'Order Cancelled'],
    ['orders/delete', 'Order Deleted'],
  ])('%s is %s', (topic, event) => {
    expect(summary(shopify, ORDER, topic)).toMatchObject({ event, ids });
  });

  it('are told by their shape where no topic is given', () => {
    expect(summary(shopify, { ...ORDER, financial_status: 'paid' })).toMatchObject({
      event: 'Order Updated',
    });
  });

  it('are refunded by what was paid back', () => {
    const refund = {
      id: 1,
      order_id: 5001,
      user_id: 99,
      created_at: '2024-03-05T10:00:00Z',
      refund_line_items: [
        { quantity: 1, subtotal: '90.00', total_tax: '15.00', line_item: ORDER.line_items[0] },
      ],
      transactions: [
        { kind: 'refund', status: 'success', amount: '80.10', currency: 'TRY' },
        { kind: 'refund', status: 'pending', amount: '9.95', currency: 'TRY' },
        { kind: 'refund', status: 'failure', amount: '5.00', currency: 'TRY' },
      ],
    };
    const mapped = (item: unknown): unknown => mapItem(shopify, { item, topic: 'refunds/create' }).properties;
    expect(mapped(refund)).toMatchObject({ order_id: '5001', total: '90.05', currency: 'TRY' });
    expect(mapped({ ...refund, transactions: [] })).toMatchObject({ total: '0.00' });
    expect(mapped({ ...refund, transactions: undefined })).toMatchObject({ total: '105.00' });
    expect(summary(shopify, refund, 'refunds/create')).toEqual({
      event: 'Order Refunded',
      ids: ['shopify_order_id:5001'],
      at: '2024-03-05T10:00:00.000Z',
    });
  });

  it('may be larger than an item', () => {
    const line_items = Array.from({ length: 150 }, (_, i) => ({
      ...ORDER.line_items[0],
      id: i,
      properties: [{ a: 'x'.repeat(300) }],
    }));
    const result = accepted(shopify, { ...ORDER, line_items, note: 'n'.repeat(20_000) }, 'orders/create');
    if (result.outcome === 'refused') throw new Error(result.error.message);
    expect(result.touchpoint.payload.properties?.products).toHaveLength(150);
    expect(result.touchpoint.payload.context?.temas).toEqual({ omitted: ['properties.note'] });
  });
});

describe('other topics of Shopify', () => {
  it('make a customer an identify', () => {
    const item = {
      id: 207119551,
      email: 'alici@firma.com.tr',
      first_name: 'Ali',
      default_address: { city: 'İzmir' },
      created_at: '2024-03-01T00:00:00Z',
    };
    expect(summary(shopify, item, 'customers/create')).toEqual({
      event: 'identify',
      ids: ['email:alici@firma.com.tr', 'shopify_customer_id:207119551'],
      at: '2024-03-01T00:00:00.000Z',
    });
    expect(mapItem(shopify, { item, topic: 'customers/update' }).traits).toMatchObject({
      firstName: 'Ali',
      address: { city: 'İzmir' },
    });
  });

  it('tie a cart to its checkout and order', () => {
    expect(summary(shopify, { token: 'c1-abc?key=9', line_items: [] }, 'carts/update')).toMatchObject({
      event: 'Cart Updated',
      ids: ['anonymous_id:c1-abc'],
    });
    expect(
      summary(shopify, { id: 900, cart_token: 'c1-abc', email: 'alici@firma.com.tr' }, 'checkouts/create'),
    ).toMatchObject({
      event: 'Checkout Started',
      ids: ['anonymous_id:c1-abc', 'email:alici@firma.com.tr'],
    });
  });

  it("never take the merchant's address for a customer's", () => {
    expect(
      summary(
        shopify,
        { id: 1, email: 'owner@magaza.com.tr', customer_email: 'owner@magaza.com.tr' },
        'shop/update',
      ),
    ).toBe('no_identifier');
  });

  it('name themselves', () => {
    const person = { customer: { id: 12345 } };
    expect(summary(shopify, person, 'fulfillment_events/create')).toMatchObject({
      event: 'Fulfillment Event Created',
    });
    expect(summary(shopify, { id: 12345 }, 'customers/disable')).toMatchObject({
      event: 'Customer Disabled',
    });
  });
});

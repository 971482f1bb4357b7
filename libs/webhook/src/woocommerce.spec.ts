import { describe, expect, it } from '@jest/globals';
import { accepted, summary } from './testing/accepted.ts';

const woocommerce = { vendor: 'woocommerce' } as const;

/** After the vendor's own sample. */
const ORDER = {
  id: 727,
  status: 'processing',
  currency: 'EUR',
  date_created: '2017-03-22T16:28:02',
  date_created_gmt: '2017-03-22T19:28:02',
  date_modified_gmt: '2017-03-23T08:00:00',
  discount_total: '0.00',
  shipping_total: '10.00',
  total: '29.35',
  total_tax: '1.35',
  customer_id: 26,
  customer_user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0',
  billing: { first_name: 'John', email: 'john.doe@firma.de', phone: '+905321234568' },
  shipping: { first_name: 'Jane', phone: '+905321234569' },
  line_items: [{ id: 315, name: 'Woo', product_id: 93, quantity: 2, price: 9, sku: 'S1' }],
};

describe('WooCommerce', () => {
  it('makes orders of orders', () => {
    expect(summary(woocommerce, ORDER, 'order.created')).toEqual({
      event: 'Order Completed',
      ids: ['email:john.doe@firma.de', 'phone:+905321234568', 'woocommerce_customer_id:26'],
      at: '2017-03-22T19:28:02.000Z',
    });
    const result = accepted(woocommerce, ORDER, 'order.updated');
    if (result.outcome === 'refused') throw new Error(result.error.message);
    const { payload, at } = result.touchpoint;
    expect(payload.event).toBe('Order Updated');
    expect(new Date(at).toISOString()).toBe('2017-03-23T08:00:00.000Z');
    expect(payload.properties).toMatchObject({
      order_id: '727',
      revenue: '18.00',
      total: '29.35',
      tax: '1.35',
      shipping: '10.00',
      currency: 'EUR',
      products: [{ product_id: '93', sku: 'S1', name: 'Woo', quantity: 2, price: '9' }],
    });
  });

  it('takes off what was given back in part', () => {
    const refunds = [
      { id: 1, total: '-5.50' },
      { id: 2, total: '-0.50' },
    ];
    const result = accepted(woocommerce, { ...ORDER, refunds }, 'order.updated');
    if (result.outcome === 'refused') throw new Error(result.error.message);
    expect(result.touchpoint.payload.properties).toMatchObject({ revenue: '12.00' });
  });

  it.each([
    ['order.created', 'pending', 'Order Pending'],
    ['order.updated', 'completed', 'Order Updated'],
    ['order.updated', 'cancelled', 'Order Cancelled'],
    ['order.updated', 'failed', 'Order Cancelled'],
    ['order.updated', 'refunded', 'Order Refunded'],
    ['order.deleted', 'completed', 'Order Cancelled'],
  ])('%s while %s is %s', (topic, status, event) => {
    expect(summary(woocommerce, { ...ORDER, status }, topic)).toMatchObject({ event });
  });

  it('knows customers, and no guest', () => {
    const customer = { id: 25, date_created_gmt: '2017-03-21T16:09:28', email: 'j@firma.de', billing: {} };
    expect(summary(woocommerce, customer, 'customer.created')).toEqual({
      event: 'identify',
      ids: ['email:j@firma.de', 'woocommerce_customer_id:25'],
      at: '2017-03-21T16:09:28.000Z',
    });
    expect(summary(woocommerce, { ...ORDER, customer_id: 0 }, 'order.created')).toMatchObject({
      ids: ['email:john.doe@firma.de', 'phone:+905321234568'],
    });
    expect(summary(woocommerce, { id: 1, name: 'Shoe' }, 'product.updated')).toBe('no_identifier');
  });
});

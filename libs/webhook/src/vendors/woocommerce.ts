import { sumOf } from '../decimal-sum.ts';
import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { objectOf, objectsOf, stated, textOf, without, type JsonObject } from '../json.ts';
import { firstEmail, firstPhone, idOf, type Person } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';

/** Not paid for, or not yet: no order of anybody's. */
const UNPAID: ReadonlySet<unknown> = new Set(['pending', 'checkout-draft', 'auto-draft']);
const CANCELLED: ReadonlySet<unknown> = new Set(['cancelled', 'failed', 'trash']);

/** What stands elsewhere in the wire format, or belongs to the shop. */
const MOVED = new Set(['line_items', 'billing', 'shipping', '_links', 'meta_data']);

/** An item of a WooCommerce webhook; the topic stands in a header, without one the shape tells it. */
export function readWoocommerce({ item, topic }: WebhookItem): Reading {
  const body = objectOf(item);
  const name = topic ?? (Array.isArray(body.line_items) ? 'order.updated' : '');
  if (name.startsWith('order.')) return readOrder(name, body);
  if (name.startsWith('customer.')) return readCustomer(name, body);
  return {
    event: titled(name === '' ? 'webhook received' : name),
    person: {},
    timestamp: timeOf(name, body),
    integration: 'WooCommerce',
    properties: body,
  };
}

function readOrder(topic: string, body: JsonObject): Reading {
  return {
    event: orderEvent(topic, body.status),
    person: buyerOf(body, body.customer_id),
    timestamp: timeOf(topic, body),
    integration: 'WooCommerce',
    properties: { ...without(body, MOVED), ...stated(amounts(body)) },
    ip: textOf(body.customer_ip_address),
    userAgent: textOf(body.customer_user_agent),
  };
}

/** The status decides, whatever the topic: an order may be created unpaid, and paid by an update. */
function orderEvent(topic: string, status: unknown): string {
  if (topic === 'order.deleted' || CANCELLED.has(status)) return 'Order Cancelled';
  if (status === 'refunded') return 'Order Refunded';
  if (UNPAID.has(status)) return 'Order Pending';
  return topic === 'order.created' ? 'Order Completed' : 'Order Updated';
}

/** What was given back in part is listed as `refunds`, with a minus: it is taken off, because no event tells of it. */
function amounts(body: JsonObject): JsonObject {
  const refunds = objectsOf(body.refunds).map(({ total }) => total);
  return {
    order_id: idOf(body.id),
    revenue: sumOf([body.total, ...[body.total_tax, body.shipping_total].map(negated), ...refunds]),
    total: textOf(body.total),
    tax: textOf(body.total_tax),
    shipping: textOf(body.shipping_total),
    discount: textOf(body.discount_total),
    coupon: objectsOf(body.coupon_lines).map(({ code }) => textOf(code))[0],
    currency: textOf(body.currency),
    products: Array.isArray(body.line_items) ? objectsOf(body.line_items).map(product) : undefined,
  };
}

function negated(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : `-${text}`;
}

function product(line: JsonObject): JsonObject {
  return stated({
    product_id: idOf(line.product_id),
    line_item_id: idOf(line.id),
    sku: textOf(line.sku),
    name: textOf(line.name),
    quantity: line.quantity,
    price: textOf(line.price),
  });
}

function readCustomer(topic: string, body: JsonObject): Reading {
  const { billing } = body;
  const person = buyerOf({ billing: { ...objectOf(billing), ...stated({ email: body.email }) } }, body.id);
  const common = { person, timestamp: timeOf(topic, body), integration: 'WooCommerce' };
  if (topic === 'customer.deleted') return { ...common, event: 'Customer Deleted', properties: body };
  return {
    ...common,
    type: 'identify',
    traits: {
      ...without(body, new Set(['id', '_links', 'meta_data', 'billing', 'shipping'])),
      ...stated({ firstName: textOf(body.first_name), lastName: textOf(body.last_name) }),
    },
  };
}

/** Guests have the customer id 0, which `idOf` takes for none. */
function buyerOf({ billing }: JsonObject, id: unknown): Person {
  const { email, phone } = objectOf(billing);
  return {
    email: firstEmail(email),
    phone: firstPhone(phone),
    externalIds: { woocommerce_customer_id: idOf(id) },
  };
}

/** The shop's own times have no zone; those in `_gmt` are UTC. */
function timeOf(topic: string, body: JsonObject): string | undefined {
  return topic.endsWith('.created')
    ? firstTime(body.date_created_gmt, body.date_modified_gmt)
    : firstTime(body.date_modified_gmt, body.date_created_gmt);
}

import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { isObject, objectOf, stated, textOf, without, type JsonObject } from '../json.ts';
import { firstEmail, firstId, idOf } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';
import { shopifyCommerce } from './shopify-commerce.ts';
import { browserOf, isAboutAPerson, shopifyPerson } from './shopify-person.ts';
import { shopifyVisit } from './shopify-visit.ts';

/** Topics under the names of the e-commerce specification, as `libs/order` folds them, or close to it. */
const EVENTS: ReadonlyMap<string, string> = new Map([
  ['orders_create', 'Order Completed'],
  // A second `Order Completed` would count a conversion twice in analyses of events.
  ['orders_paid', 'Order Updated'],
  ['orders_partially_paid', 'Order Updated'],
  ['orders_fulfilled', 'Order Updated'],
  ['orders_partially_fulfilled', 'Order Updated'],
  ['orders_updated', 'Order Updated'],
  ['orders_cancelled', 'Order Cancelled'],
  ['refunds_create', 'Order Refunded'],
  ['checkouts_create', 'Checkout Started'],
  ['carts_create', 'Cart Created'],
]);

const VERBS: ReadonlyMap<string, string> = new Map([
  ['create', 'Created'],
  ['update', 'Updated'],
  ['delete', 'Deleted'],
  ['enable', 'Enabled'],
  ['disable', 'Disabled'],
  ['edited', 'Edited'],
]);

/** An item of a Shopify webhook. The topic stands in a header or the address; without one, the shape tells it. */
export function readShopify({ item, topic }: WebhookItem): Reading {
  const body = objectOf(item);
  const query = objectOf(body.query_parameters);
  const given = topic ?? textOf(Array.isArray(query.topic) ? query.topic[0] : query.topic);
  const name = given === undefined ? shapeOf(body) : given.toLowerCase().replaceAll('/', '_');
  if (name === undefined) return pixelEvent(body);
  const common = {
    person: isAboutAPerson(name) ? shopifyPerson(name, body) : {},
    timestamp: timeOf(name, body),
    integration: 'Shopify',
    ...shopifyVisit(body),
  };
  if (name === 'customers_create' || name === 'customers_update') {
    return { ...common, type: 'identify', traits: customerTraits(body) };
  }
  return { ...common, event: EVENTS.get(name) ?? topicName(name), properties: shopifyCommerce(name, body) };
}

function shapeOf(body: JsonObject): string | undefined {
  if (Array.isArray(body.refund_line_items)) return 'refunds_create';
  if (!Array.isArray(body.line_items)) return undefined;
  if ('financial_status' in body || 'order_number' in body) return 'orders_updated';
  return undefined;
}

/** `fulfillment_events_create` → `Fulfillment Event Created`. */
function topicName(topic: string): string {
  const words = topic.split('_');
  const verb = words.at(-1) ?? '';
  const resource = words
    .slice(0, -1)
    .map((word) => word.replace(/ies$/, 'y').replace(/(?<!s)s$/, ''))
    .join('_');
  if (resource === '') return titled(topic);
  return `${titled(resource)} ${VERBS.get(verb) ?? titled(verb)}`;
}

function timeOf(topic: string, body: JsonObject): string | undefined {
  switch (topic) {
    case 'orders_create':
    case 'checkouts_create':
    case 'carts_create':
    case 'customers_create':
      return firstTime(body.created_at, body.processed_at, body.updated_at);
    case 'orders_cancelled':
      return firstTime(body.cancelled_at, body.updated_at, body.created_at);
    case 'refunds_create':
      return firstTime(body.processed_at, body.created_at);
    default:
      return firstTime(body.updated_at, body.occurred_at, body.happened_at, body.created_at);
  }
}

const NO_TRAITS = new Set([
  'id',
  'query_parameters',
  'admin_graphql_api_id',
  'addresses',
  'default_address',
  'metafield',
]);

function customerTraits(customer: JsonObject): Record<string, unknown> {
  const address = objectOf(customer.default_address);
  const city = stated({
    street: textOf(address.address1),
    city: textOf(address.city),
    state: textOf(address.province),
    postalCode: textOf(address.zip),
    country: textOf(address.country_code),
  });
  return {
    ...without(customer, NO_TRAITS),
    ...stated({
      email: firstEmail(customer.email),
      firstName: textOf(customer.first_name),
      lastName: textOf(customer.last_name),
      createdAt: textOf(customer.created_at),
      address: Object.keys(city).length === 0 ? undefined : city,
    }),
  };
}

/** What a tracking script in the shop's pages reports of a cart: whose browser holds it. */
function pixelEvent(body: JsonObject): Reading {
  const event = textOf(body.event);
  const cart = objectOf(body.cart);
  return {
    event: event === undefined ? 'Shopify Event' : titled(event),
    person: browserOf(idOf(body.anonymousId), body.cartToken),
    timestamp: firstTime(body.timestamp, cart.updated_at, body.updated_at, body.created_at),
    integration: 'Shopify',
    properties: {
      ...without(body, new Set(['query_parameters'])),
      ...stated({ cart_id: firstId(body.cartToken, isObject(body.cart) ? cart.token : undefined) }),
    },
  };
}

import { objectOf, objectsOf, type JsonObject } from '../json.ts';
import { firstEmail, firstId, firstPhone, idOf, type Person } from '../person.ts';

/** Topics that are about a buyer. Others (`shop_update`, `app_uninstalled`) carry the merchant's own e-mail. */
const ABOUT_A_PERSON =
  /^(?:orders|order_transactions|draft_orders|refunds|returns|fulfillments|fulfillment_events|checkouts|carts|customers|disputes)_/;

/** Whether the identifiers of a topic's items are a buyer's. */
export function isAboutAPerson(topic: string): boolean {
  return ABOUT_A_PERSON.test(topic);
}

/**
 * Who a commerce item is about. `user_id` is the member of staff at the till, never the buyer. Items without a buyer
 * (a refund, a deletion) name the order or the checkout, which earlier items tied to one.
 */
export function shopifyPerson(topic: string, body: JsonObject): Person {
  const isCustomer = topic.startsWith('customers_');
  const nested = objectOf(body.customer);
  const customer = isCustomer && Object.keys(nested).length === 0 ? body : nested;
  const browser = browserOf(noted(body.note_attributes) ?? noted(body.attributes), cartTokenOf(topic, body));
  return {
    ...browser,
    email: firstEmail(customer.email, body.email, body.contact_email),
    phone: firstPhone(customer.phone, body.phone),
    externalIds: {
      ...browser.externalIds,
      shopify_customer_id: firstId(customer.id, body.customer_id),
      shopify_order_id: orderIdOf(topic, body),
      shopify_checkout_id: browser.anonymousId === undefined ? checkoutIdOf(topic, body) : undefined,
    },
  };
}

/** Id of the order that an item is or belongs to. */
export function orderIdOf(topic: string, body: JsonObject): string | undefined {
  return topic.startsWith('orders_') ? idOf(body.id) : idOf(body.order_id);
}

/** Id of the checkout that an item is or came from. */
export function checkoutIdOf(topic: string, body: JsonObject): string | undefined {
  return topic.startsWith('checkouts_') ? firstId(body.id, body.token) : idOf(body.checkout_id);
}

/**
 * The token of a cart is kept in a cookie and so stands for a browser, as an anonymous id does; where a script has
 * written a better one into the cart, both name the browser.
 */
export function browserOf(given: string | undefined, rawToken: unknown): Person {
  const token = cartToken(rawToken);
  if (given === undefined || token === undefined) return { anonymousId: given ?? token };
  return { anonymousId: given, externalIds: { anonymous_id: token } };
}

/** Newer tokens of carts carry `?key=…`, those of orders do not. */
function cartToken(value: unknown): string | undefined {
  return idOf(typeof value === 'string' ? value.replace(/\?.*$/s, '') : value);
}

function cartTokenOf(topic: string, body: JsonObject): unknown {
  return topic.startsWith('carts_') ? (body.token ?? body.id) : body.cart_token;
}

const BROWSER_ATTRIBUTE = /^_?(?:temas|segment|ajs|rudder|jitsu|)_?anonymous_?id$/i;

/** Attributes are a list of name and value in orders, an object in carts. */
function noted(attributes: unknown): string | undefined {
  for (const { name, value } of objectsOf(attributes)) {
    if (typeof name === 'string' && BROWSER_ATTRIBUTE.test(name)) return idOf(value);
  }
  for (const [name, value] of Object.entries(objectOf(attributes))) {
    if (BROWSER_ATTRIBUTE.test(name)) return idOf(value);
  }
  return undefined;
}

import { sumOf } from '../decimal-sum.ts';
import { firstText, objectOf, objectsOf, stated, textOf, without, type JsonObject } from '../json.ts';
import { firstId, idOf } from '../person.ts';
import { checkoutIdOf, orderIdOf } from './shopify-person.ts';

/** What stands elsewhere in the wire format, or only repeats it in a second currency. */
const MOVED = new Set([
  'line_items',
  'query_parameters',
  'client_details',
  'customer',
  'admin_graphql_api_id',
]);

/**
 * Properties of a commerce item under the names of the e-commerce specification: `revenue` is the subtotal as
 * Shopify states it, after discounts, without shipping. Amounts stay the decimal texts that Shopify sends.
 */
export function shopifyCommerce(topic: string, body: JsonObject): Record<string, unknown> {
  const kept = without(body, MOVED);
  for (const name of Object.keys(kept)) if (name.endsWith('_set')) delete kept[name];
  const lines = objectsOf(body.line_items);
  return {
    ...kept,
    ...stated({
      order_id: orderIdOf(topic, body),
      checkout_id: checkoutIdOf(topic, body),
      cart_id: textOf(topic.startsWith('carts_') ? (body.token ?? body.id) : body.cart_token),
      ...(topic === 'refunds_create' ? refundAmounts(body) : amounts(body)),
      products: Array.isArray(body.line_items) ? lines.map(product) : undefined,
    }),
  };
}

function amounts(body: JsonObject): JsonObject {
  const codes = objectsOf(body.discount_codes).map(({ code }) => textOf(code));
  return {
    revenue: textOf(body.subtotal_price),
    subtotal: textOf(body.subtotal_price),
    total: textOf(body.total_price),
    tax: textOf(body.total_tax),
    shipping: shippingOf(body),
    discount: textOf(body.total_discounts),
    coupon: codes.find((code) => code !== undefined),
    currency: firstText(body.currency, body.presentment_currency),
  };
}

function shippingOf(body: JsonObject): string | undefined {
  const stated = textOf(objectOf(objectOf(body.total_shipping_price_set).shop_money).amount);
  if (stated !== undefined) return stated;
  const lines = objectsOf(body.shipping_lines);
  return lines.length === 1 ? firstText(lines[0]?.discounted_price, lines[0]?.price) : undefined;
}

/** What was given back: the transactions that did not fail, `0` where goods came back and no money went. */
function refundAmounts(body: JsonObject): JsonObject {
  const refunds = objectsOf(body.transactions).filter(
    ({ kind, status }) => kind === 'refund' && status !== 'failure' && status !== 'error',
  );
  const lines = objectsOf(body.refund_line_items);
  const total = Array.isArray(body.transactions)
    ? sumOf(refunds.map(({ amount }) => amount))
    : lines.length > 0
      ? sumOf(lines.flatMap(({ subtotal, total_tax }) => [subtotal, total_tax ?? '0']))
      : undefined;
  return {
    total,
    currency: firstText(refunds[0]?.currency, body.currency),
    products: lines.map((line) => ({
      ...product(objectOf(line.line_item)),
      ...stated({ quantity: line.quantity, refunded: textOf(line.subtotal) }),
    })),
  };
}

function product(line: JsonObject): Record<string, unknown> {
  return stated({
    product_id: idOf(line.product_id),
    variant_id: idOf(line.variant_id),
    line_item_id: idOf(line.id),
    sku: textOf(line.sku),
    name: firstText(line.title, line.name),
    variant: textOf(line.variant_title),
    brand: textOf(line.vendor),
    category: firstText(line.product_type),
    quantity: line.quantity,
    price: firstText(line.price, line.original_price),
    discount: textOf(line.total_discount),
    currency: firstId(line.currency),
  });
}

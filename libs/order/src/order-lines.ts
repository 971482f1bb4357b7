import { formatMoney, parseMoney } from './money.ts';
import { currencyOf, isObject, textOf } from './properties.ts';

/** Lines kept of an order. */
export const LINES_MAX = 500;

/** A line of an order as an event states it. */
export interface OrderLine {
  /** Place in the event's `products`, from 1. */
  readonly line: number;
  readonly productId: string | null;
  readonly sku: string | null;
  readonly name: string | null;
  readonly category: string | null;
  /** Decimal text; `1.0000` where none or no decimal is stated. */
  readonly quantity: string;
  /** Decimal text of the price of one; `null` where none is stated. */
  readonly price: string | null;
  /** Currency that the product or its event names; `null`: that of the order. */
  readonly currency: string | null;
}

/** The lines that one event states. */
export interface OrderLines {
  readonly lines: readonly OrderLine[];
  /** Lines beyond the bound. */
  readonly dropped: number;
}

const ONE = formatMoney(10_000n);

/** Reads `products`; `undefined` where that holds no product. Entries that are no objects are skipped. */
export function orderLinesOf(products: unknown, currency: string | null): OrderLines | undefined {
  if (!Array.isArray(products)) return undefined;
  const lines: OrderLine[] = [];
  let dropped = 0;
  products.forEach((product: unknown, i) => {
    if (!isObject(product)) return;
    if (lines.length < LINES_MAX) lines.push(lineOf(product, i + 1, currency));
    else dropped++;
  });
  return lines.length === 0 ? undefined : { lines, dropped };
}

function lineOf(
  product: Readonly<Record<string, unknown>>,
  line: number,
  currency: string | null,
): OrderLine {
  const quantity = parseMoney(product.quantity);
  const price = parseMoney(product.price);
  return {
    line,
    // v1 of the e-commerce spec calls it `id`.
    productId: textOf(product.product_id) ?? textOf(product.id),
    sku: textOf(product.sku),
    name: textOf(product.name),
    category: textOf(product.category),
    quantity: quantity === undefined ? ONE : formatMoney(quantity),
    price: price === undefined ? null : formatMoney(price),
    currency: currencyOf(product.currency) ?? currency,
  };
}

import type { Position, Ref, Workspace } from '#kernel';
import { normaliseIdentifier, type Envelope, type SealedBody } from '#touchpoint';
import { formatMoney, parseMoney } from './money.ts';
import { orderEventKind } from './order-event.ts';
import { orderLinesOf, type OrderLines } from './order-lines.ts';
import type { OrderFact } from './order-rows.ts';
import { currencyOf } from './properties.ts';

/** What the fold gets for one order event. */
export interface OrderInput {
  readonly workspace: Workspace;
  /** At most 255 characters, trimmed; the event id where the event names no order. */
  readonly orderId: string;
  readonly fact: OrderFact;
  /** Lines that a Completed or Updated states; absent where it states none. */
  readonly lines?: OrderLines;
}

type Properties = Readonly<Record<string, unknown>>;

/**
 * Reads an opened touchpoint; `undefined` if it is no order event. `anchor` is the ref that it belongs to, `null` if
 * it is unattributed. A refund or a cancellation that names no order is none either: no order can ever meet it.
 */
export function orderInputOf(
  envelope: Envelope,
  body: SealedBody,
  position: Position,
  anchor: Ref | null,
): OrderInput | undefined {
  const { workspace, eventId, at } = envelope;
  const { event = '', properties = {} } = body.payload;
  const kind = envelope.kind === 'track' ? orderEventKind(event) : undefined;
  if (kind === undefined) return undefined;
  const ns = envelope.refs.find(({ ref }) => ref === anchor)?.ns;
  const currency = currencyOf(properties.currency);
  const known = {
    eventId,
    kind,
    at,
    position: position.toString(),
    anchor: anchor === null || ns === undefined ? null : ([ns, anchor] as const),
    currency,
  };
  const orderId = orderIdOf(properties);
  switch (kind) {
    case 'refunded':
      return orderId === undefined
        ? undefined
        : { workspace, orderId, fact: { ...known, ...refundOf(properties) } };
    case 'cancelled':
      return orderId === undefined ? undefined : { workspace, orderId, fact: { ...known, amount: null } };
    case 'completed':
    case 'updated': {
      const lines = orderLinesOf(properties.products, currency);
      return {
        workspace,
        orderId: orderId ?? eventId,
        fact: { ...known, ...grossOf(properties) },
        ...(lines === undefined ? {} : { lines }),
      };
    }
  }
}

/**
 * Normalised like any opaque key (trimmed, NFC, at most 255 characters). What programs write where they know nothing
 * (`null`, `undefined`, `0`) names no order: all of a broken client's would become one.
 */
function orderIdOf({ order_id, orderId }: Properties): string | undefined {
  // v1 of the e-commerce spec writes it in camel case.
  const normalised = normaliseIdentifier('order_id', order_id ?? orderId);
  return normalised.outcome === 'valid' ? normalised.value : undefined;
}

/** `revenue`, else `subtotal`, else `total` without shipping and tax: the first that is a decimal of 0 or more. */
function grossOf({
  revenue,
  subtotal,
  total,
  shipping,
  tax,
}: Properties): Pick<OrderFact, 'amount' | 'negative'> {
  const stated = amountOf(revenue) ?? amountOf(subtotal);
  if (stated !== undefined) return { amount: formatMoney(stated) };
  const all = amountOf(total);
  if (all !== undefined) {
    const gross = all - (amountOf(shipping) ?? 0n) - (amountOf(tax) ?? 0n);
    return { amount: gross < 0n ? null : formatMoney(gross) };
  }
  const isNegative = [revenue, subtotal, total].some((value) => (parseMoney(value) ?? 0n) < 0n);
  return { amount: null, ...(isNegative ? { negative: true } : {}) };
}

function amountOf(value: unknown): bigint | undefined {
  const amount = parseMoney(value);
  return amount === undefined || amount < 0n ? undefined : amount;
}

/** `total`, else `revenue`; some systems write what they give back with a minus. */
function refundOf({ total, revenue }: Properties): Pick<OrderFact, 'amount' | 'unreadable'> {
  const stated = total ?? revenue ?? null;
  if (stated === null) return { amount: null };
  const amount = parseMoney(stated);
  if (amount === undefined) return { amount: null, unreadable: true };
  return { amount: formatMoney(amount < 0n ? -amount : amount) };
}

import type { Ref, Workspace } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { decisiveFacts } from './decisive-facts.ts';
import { formatMoney, parseMoney } from './money.ts';
import type { OrderLine } from './order-lines.ts';
import { ORDER_LINES, orderKey, ORDERS, type LinesRow, type OrderFact, type OrderRow } from './order-rows.ts';

/** What became of an order. */
export type OrderStatus = 'completed' | 'cancelled' | 'refunded' | 'partially_refunded';

/** Something to look at in an order, and how many events or lines it concerns. */
export interface OrderFlag {
  /**
   * - `amount_missing`: no Completed or Updated states an amount, gross is 0;
   * - `amount_negative`: they state none but one below zero, gross is 0: no purchase, some systems write returns so;
   * - `refund_in_other_currency`: refunds in another currency than the order's, not subtracted;
   * - `refund_unreadable`: refunds whose amount is no decimal, taken as full ones;
   * - `facts_dropped`: events left out because the order has too many;
   * - `lines_dropped`: lines beyond the bound.
   */
  readonly code:
    | 'amount_missing'
    | 'amount_negative'
    | 'refund_in_other_currency'
    | 'refund_unreadable'
    | 'facts_dropped'
    | 'lines_dropped';
  readonly count: number;
}

/** A line of an order, its currency resolved. */
export interface OrderItem extends OrderLine {
  /** ISO 4217 shape, upper case. */
  readonly currency: string;
}

/** An order as its events make it. Money is decimal text with four digits after the point. */
export interface Order {
  readonly workspace: Workspace;
  readonly orderId: string;
  /** The best anchor among its events; `null`: none of them belongs to anybody. */
  readonly anchor: Ref | null;
  /** Event time of the earliest Completed, else of the earliest Updated, ms since 1970 UTC. */
  readonly orderedAt: number;
  readonly status: OrderStatus;
  /** ISO 4217 shape, upper case; USD where no event names one. */
  readonly currency: string;
  readonly gross: string;
  /** Never more than gross. Told of a cancelled order too. */
  readonly refunded: string;
  /** Gross less refunded; 0 for a cancelled order. */
  readonly net: string;
  /** In the order of their lines. */
  readonly items: readonly OrderItem[];
  readonly flags: readonly OrderFlag[];
}

/** Currency of money that names none (Segment's spec). */
const DEFAULT_CURRENCY = 'USD';

/**
 * The order as known now; `null` until it was completed or updated: refunds and cancellations that came first wait.
 * Throws `RowNotLoaded` for an order that `loadOrders` did not load.
 */
export function orderOf(work: UnitOfWork, workspace: Workspace, orderId: string): Order | null {
  const key = orderKey(workspace, orderId);
  const row = work.get(ORDERS, key);
  return row === undefined ? null : readOrder(workspace, orderId, row, work.get(ORDER_LINES, key));
}

function readOrder(
  workspace: Workspace,
  orderId: string,
  { facts, dropped }: OrderRow,
  stated: LinesRow | undefined,
): Order | null {
  const decisive = decisiveFacts(facts);
  if (decisive.ordered === undefined) return null;
  // An update that states an amount and no currency speaks of the currency that was named before.
  const currency = decisive.gross?.currency ?? decisive.currency?.currency ?? DEFAULT_CURRENCY;
  const gross = moneyOf(decisive.gross);
  const { refunded, ...odd } = refundsOf(facts, gross, currency);
  const cancelled = decisive.cancelled !== undefined;
  const counts: Record<OrderFlag['code'], number> = {
    amount_missing: Number(decisive.gross === undefined && decisive.negative === undefined),
    amount_negative: Number(decisive.gross === undefined && decisive.negative !== undefined),
    ...odd,
    facts_dropped: dropped,
    lines_dropped: stated?.dropped ?? 0,
  };
  return {
    workspace,
    orderId,
    anchor: decisive.person?.anchor?.[1] ?? null,
    orderedAt: decisive.ordered.at,
    status: cancelled ? 'cancelled' : statusOf(gross, refunded),
    currency,
    gross: formatMoney(gross),
    refunded: formatMoney(refunded),
    net: formatMoney(cancelled ? 0n : gross - refunded),
    items: stated?.lines.map((line) => ({ ...line, currency: line.currency ?? currency })) ?? [],
    flags: (Object.entries(counts) as [OrderFlag['code'], number][])
      .filter(([, count]) => count > 0)
      .map(([code, count]) => ({ code, count })),
  };
}

function refundsOf(
  facts: readonly OrderFact[],
  gross: bigint,
  currency: string,
): { refunded: bigint; refund_in_other_currency: number; refund_unreadable: number } {
  let refunded = 0n;
  let foreign = 0;
  let unreadable = 0;
  for (const fact of facts) {
    if (fact.kind !== 'refunded') continue;
    if (fact.unreadable === true) unreadable++;
    // Without an amount it gives back everything, in whatever currency.
    if (fact.amount === null) refunded += gross;
    else if (fact.currency !== null && fact.currency !== currency) foreign++;
    else refunded += moneyOf(fact);
  }
  return {
    refunded: refunded < gross ? refunded : gross,
    refund_in_other_currency: foreign,
    refund_unreadable: unreadable,
  };
}

function moneyOf(fact: OrderFact | undefined): bigint {
  return (fact?.amount == null ? undefined : parseMoney(fact.amount)) ?? 0n;
}

function statusOf(gross: bigint, refunded: bigint): OrderStatus {
  if (refunded === 0n) return 'completed';
  return refunded === gross ? 'refunded' : 'partially_refunded';
}

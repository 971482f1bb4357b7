import type { EventId, Ref, Workspace } from '#kernel';
import { jsonCollection } from '#state-store';
import type { OrderEventKind } from './order-event.ts';
import type { OrderLines } from './order-lines.ts';

/** One event's word on an order: what the order's row needs of it and no more. */
export interface OrderFact {
  readonly eventId: EventId;
  readonly kind: OrderEventKind;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  /** Place in the log, decimal. */
  readonly position: string;
  /** Namespace and ref that the event belongs to; `null`: unattributed. */
  readonly anchor: readonly [ns: string, ref: Ref] | null;
  /**
   * Decimal text, never negative: the gross that a Completed or Updated states, the amount that a Refunded gives
   * back; `null` where there is none.
   */
  readonly amount: string | null;
  /** ISO 4217 shape, upper case; `null` where none is named. */
  readonly currency: string | null;
  /** Present and true on a refund whose amount was named and is no decimal. */
  readonly unreadable?: true;
  /** Present and true on a Completed or Updated that states nothing but an amount below zero. */
  readonly negative?: true;
}

/** Row of `o.order`. */
export interface OrderRow {
  /** By event time, position, event id: the same set is the same bytes. */
  readonly facts: readonly OrderFact[];
  /** Facts left out because there were too many. */
  readonly dropped: number;
}

/** Row of `o.items`: the lines of the newest Completed or Updated that has some. */
export interface LinesRow extends OrderLines {
  readonly eventId: EventId;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  /** Place in the log, decimal. */
  readonly position: string;
}

/** Facts per order; key: `orderKey`. */
export const ORDERS = jsonCollection<OrderRow>('o.order');

/** Lines per order; key: `orderKey`. Apart from the facts: a refund must not rewrite 500 lines. */
export const ORDER_LINES = jsonCollection<LinesRow>('o.items');

/** Key of an order in both collections. A workspace holds no slash: the first one ends it. */
export function orderKey(workspace: Workspace, orderId: string): string {
  return `${workspace}/${orderId}`;
}

/** Orders that an anchor's events told of; key: `anchorOrderKey`. One scan of `<ref>/` finds an anchor's. */
export const ANCHOR_ORDERS = jsonCollection<1>('o.anchor');

/** Key of an anchor's word on an order. */
export function anchorOrderKey(anchor: Ref, key: string): string {
  return `${anchor}/${key}`;
}

import { clickHouseTime, NIL_PROFILE } from '#kernel';
import type { AccountMembership } from '#account';
import type { Order } from '#order';
import type { AccountChange, ConsentChange, Owned, SessionChange, SessionMove } from '#projection';

/** `anchor_id` of a row that belongs to nobody. */
const NOBODY = '0';

/** Values of an `orders` row. */
export function orderRow({ value: order, profileId, version }: Owned<Order>): unknown[] {
  return [
    order.workspace,
    order.orderId,
    order.anchor ?? NOBODY,
    profileId,
    clickHouseTime(order.orderedAt),
    order.status,
    order.currency,
    order.gross,
    order.refunded,
    order.net,
    order.flags.map(({ code }) => code),
    version.toString(),
  ];
}

/** Values of the `order_items` rows of an order: all its lines, under the order's version. */
export function orderItemRows({ value: order, profileId, version }: Owned<Order>): unknown[][] {
  return order.items.map(({ line, productId, sku, name, category, quantity, price, currency }) => [
    order.workspace,
    order.orderId,
    line,
    order.anchor ?? NOBODY,
    profileId,
    productId,
    sku,
    name,
    category,
    quantity,
    price,
    currency,
    version.toString(),
  ]);
}

/** Values of a `sessions` row; a session that was joined with another becomes a deleted row. */
export function sessionRow({ workspace, sessionId, session, profileId, version }: SessionChange): unknown[] {
  if (session === null) {
    const never = clickHouseTime(0);
    return [
      workspace,
      sessionId,
      NOBODY,
      NOBODY,
      NIL_PROFILE,
      never,
      never,
      0,
      '',
      '',
      '',
      '',
      0,
      version.toString(),
      1,
    ];
  }
  return [
    workspace,
    sessionId,
    session.device,
    session.anchor,
    profileId,
    clickHouseTime(session.startedAt),
    clickHouseTime(session.endedAt),
    session.eventCount,
    session.entryPath,
    session.exitPath,
    session.campaign,
    session.source,
    session.durationS,
    version.toString(),
    0,
  ];
}

/** Values of a `session_overrides` row. */
export function sessionMoveRow({ workspace, from, to, version }: SessionMove): unknown[] {
  return [workspace, from, to, version.toString()];
}

/** Values of an `accounts` row. */
export function accountRow({ account, version }: AccountChange): unknown[] {
  const traits = Object.fromEntries(Object.entries(account.traits).map(([name, { value }]) => [name, value]));
  return [
    account.workspace,
    account.accountId,
    JSON.stringify(traits),
    clickHouseTime(Date.parse(account.firstSeenAt)),
    clickHouseTime(Date.parse(account.lastSeenAt)),
    version.toString(),
  ];
}

/** Values of an `account_members` row. */
export function accountMemberRow({ value, profileId, version }: Owned<AccountMembership>): unknown[] {
  return [
    value.workspace,
    value.accountId,
    value.anchor,
    profileId,
    clickHouseTime(Date.parse(value.firstSeenAt)),
    clickHouseTime(Date.parse(value.lastSeenAt)),
    value.source,
    version.toString(),
  ];
}

/** Values of the `consent_choices` rows of an identifier: one per purpose. */
export function consentRows({ value, profileId, version }: Owned<ConsentChange>): unknown[][] {
  return Object.entries(value.choices).map(([purpose, { granted, at, source, eventId }]) => [
    value.workspace,
    value.anchor,
    profileId,
    purpose,
    granted ? 1 : 0,
    clickHouseTime(at),
    source,
    eventId,
    version.toString(),
  ]);
}

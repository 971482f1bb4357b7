import type { Position, ProfileId, Ref, Workspace } from '#kernel';
import { NIL_PROFILE } from '#kernel';
import { accountInputOf, accountOf, foldAccount, loadAccounts, membershipOf } from '#account';
import type { AccountInput, AccountMembership } from '#account';
import { choicesOf, consentInputOf, foldConsent, loadConsents } from '#consent';
import type { ConsentInput } from '#consent';
import type { Matcher } from '#identity';
import { foldOrder, loadOrders, orderInputOf, orderOf } from '#order';
import type { Order, OrderInput } from '#order';
import { foldSession, loadSessions, sessionInputOf, sessionOf } from '#session';
import type { SessionId, SessionInput } from '#session';
import type { UnitOfWork } from '#state-store';
import type {
  AccountChange,
  ConsentChange,
  FoldedActivity,
  Owned,
  SessionChange,
  SessionMove,
} from './folded-block.ts';
import type { OpenedTouchpoint } from './opened.ts';

/** What a touchpoint says of orders, visits, accounts and consent; absent where it says nothing. */
interface Said {
  readonly position: Position;
  readonly order?: OrderInput;
  readonly session?: SessionInput;
  readonly account?: AccountInput;
  readonly consent?: ConsentInput;
}

/** Sessions of the block's touchpoints, in their order, beside what changed. */
export interface ActivityFold {
  readonly sessionIds: readonly (SessionId | undefined)[];
  readonly changes: FoldedActivity;
}

/**
 * Folds orders, sessions and accounts of a block, in log order, after identity: who an order or a visit belongs to
 * is asked of the map as the block leaves it.
 */
export async function foldActivity(
  work: UnitOfWork,
  matcher: Matcher,
  touchpoints: readonly OpenedTouchpoint[],
): Promise<ActivityFold> {
  const said = touchpoints.map(readActivity);
  const sessionIds = await foldSessions(work, said);
  const orders = await foldOrders(work, said);
  const accounts = await foldAccounts(work, said);
  const consents = await foldConsents(work, said);
  const holder = await holders(work, matcher, [
    ...sessionIds.changed.map(({ session }) => session?.anchor),
    ...orders.map(({ value }) => value.anchor),
    ...accounts.memberships.map(({ value }) => value.anchor),
    ...consents.map(({ value }) => value.anchor),
  ]);
  const owned = <T extends { readonly anchor: Ref | null }>(row: Omit<Owned<T>, 'profileId'>): Owned<T> => ({
    ...row,
    profileId: holder(row.value.anchor),
  });
  return {
    sessionIds: sessionIds.perTouchpoint,
    changes: {
      orders: orders.map(owned),
      sessions: sessionIds.changed.map((row) => ({ ...row, profileId: holder(row.session?.anchor) })),
      sessionMoves: sessionIds.moves,
      accounts: accounts.changed,
      memberships: accounts.memberships.map(owned),
      consents: consents.map(owned),
    },
  };
}

function readActivity({ envelope, body, position, anchor }: OpenedTouchpoint): Said {
  if (body === null) return { position };
  return {
    position,
    order: orderInputOf(envelope, body, position, anchor),
    session: sessionInputOf(envelope, body, position, anchor),
    account: accountInputOf(envelope, body, position, anchor),
    consent: consentInputOf(envelope, body, position),
  };
}

async function holders(
  work: UnitOfWork,
  matcher: Matcher,
  anchors: readonly (Ref | null | undefined)[],
): Promise<(anchor: Ref | null | undefined) => ProfileId> {
  await matcher.loadHolders(
    work,
    anchors.filter((anchor) => anchor != null),
  );
  return (anchor) => (anchor == null ? undefined : matcher.holderOf(work, anchor)) ?? NIL_PROFILE;
}

async function foldSessions(
  work: UnitOfWork,
  said: readonly Said[],
): Promise<{
  perTouchpoint: (SessionId | undefined)[];
  changed: Omit<SessionChange, 'profileId'>[];
  moves: SessionMove[];
}> {
  await loadSessions(
    work,
    said.flatMap(({ session }) => session ?? []),
  );
  const changed = new Map<SessionId, { workspace: Workspace; version: Position }>();
  const moves = new Map<SessionId, SessionMove>();
  const perTouchpoint = said.map(({ session, position }) => {
    if (session === undefined) return undefined;
    const { workspace } = session;
    const step = foldSession(work, session);
    for (const id of step.changed) changed.set(id, { workspace, version: position });
    // Only the newest word on an id counts: a sender that joins visits backwards repeats them endlessly.
    for (const { from, to } of step.merged) moves.set(from, { workspace, from, to, version: position });
    return step.sessionId;
  });
  const rows = [...changed].map(([sessionId, touch]) => ({
    ...touch,
    sessionId,
    session: sessionOf(work, sessionId),
  }));
  return { perTouchpoint, changed: rows, moves: [...moves.values()] };
}

async function foldOrders(
  work: UnitOfWork,
  said: readonly Said[],
): Promise<Omit<Owned<Order>, 'profileId'>[]> {
  await loadOrders(
    work,
    said.flatMap(({ order }) => order ?? []),
  );
  const changed = new Map<string, { input: OrderInput; version: Position }>();
  for (const { order, position } of said) {
    const folded = order === undefined ? undefined : foldOrder(work, order);
    if (folded !== undefined && order !== undefined)
      changed.set(folded.key, { input: order, version: position });
  }
  return [...changed.values()].flatMap(({ input, version }) => {
    const value = orderOf(work, input.workspace, input.orderId);
    return value === null ? [] : [{ value, version }];
  });
}

async function foldAccounts(
  work: UnitOfWork,
  said: readonly Said[],
): Promise<{ changed: AccountChange[]; memberships: Omit<Owned<AccountMembership>, 'profileId'>[] }> {
  const inputs = said.flatMap(({ account, position }) => (account ? [{ account, position }] : []));
  await loadAccounts(
    work,
    inputs.map(({ account }) => account),
  );
  const touched = new Map<string, { input: AccountInput; version: Position }>();
  const members = new Map<string, { input: AccountInput; anchor: Ref; version: Position }>();
  for (const { account: input, position: version } of inputs) {
    foldAccount(work, input);
    const { workspace, accountId, anchor } = input;
    touched.set(JSON.stringify([workspace, accountId]), { input, version });
    if (anchor !== null)
      members.set(JSON.stringify([workspace, accountId, anchor]), { input, anchor, version });
  }
  return {
    changed: [...touched.values()].flatMap(({ input, version }) => {
      const account = accountOf(work, input.workspace, input.accountId);
      return account === null ? [] : [{ account, version }];
    }),
    memberships: [...members.values()].flatMap(({ input, anchor, version }) => {
      const value = membershipOf(work, input.workspace, input.accountId, anchor);
      return value === null ? [] : [{ value, version }];
    }),
  };
}

async function foldConsents(
  work: UnitOfWork,
  said: readonly Said[],
): Promise<Omit<Owned<ConsentChange>, 'profileId'>[]> {
  const inputs = said.flatMap(({ consent }) => consent ?? []);
  if (inputs.length === 0) return [];
  await loadConsents(
    work,
    inputs.flatMap(({ refs }) => refs),
  );
  const touched = new Map<Ref, Position>();
  for (const input of inputs) {
    foldConsent(work, input);
    for (const ref of input.refs) touched.set(ref, input.position);
  }
  return [...touched].flatMap(([anchor, version]) => {
    const row = choicesOf(work, anchor);
    return row === undefined ? [] : [{ value: { ...row, anchor }, version }];
  });
}

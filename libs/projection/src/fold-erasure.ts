import type { Erasure } from '#erasure';
import { eraseMembers } from '#account';
import { eraseChoices } from '#consent';
import { eraseGuesses } from '#correction';
import { bondsOf } from '#identity';
import type { Matcher } from '#identity';
import { NIL_PROFILE } from '#kernel';
import type { ProfileId } from '#kernel';
import { eraseOrders, orderOf } from '#order';
import type { Order } from '#order';
import { eraseAnchors } from '#profile';
import { eraseSessions } from '#session';
import type { StateStore, UnitOfWork } from '#state-store';
import { keysUnder } from './erased-state.ts';
import { aliasChanges, CLOCK } from './fold-block.ts';
import type { FoldedBlock, Owned } from './folded-block.ts';
import { changesOf } from './profile-changes.ts';
import type { Touched } from './profile-changes.ts';

/** What an erasure changed. */
export interface FoldedErasure {
  readonly folded: FoldedBlock;
  /**
   * Others were seen with the person, or told of the same orders or accounts: what the person left there only a fold
   * of all the others' events can tell, so the projections must be built anew.
   */
  readonly entangled: boolean;
}

const NOTHING = {
  facts: [],
  corrections: [],
  arrivals: [],
  sessions: [],
  sessionMoves: [],
  accounts: [],
  memberships: [],
  consents: [],
};

/**
 * Folds an erasure: everything that stands under the erased identifiers goes, whoever told it. Where nobody else is
 * entangled, the state is then as if the person had never been read, which is what a rebuild comes to: it cannot read
 * them. Reads `state` besides `work`: nothing else may wait in `work`.
 */
export async function foldErasure(
  work: UnitOfWork,
  state: StateStore,
  matcher: Matcher,
  erasure: Erasure,
): Promise<FoldedErasure> {
  const { workspace, position, erasureId: eventId, at } = erasure;
  const refs = erasure.refs.map(({ ref }) => ref);
  const dead = new Set(refs);
  const bonds = await bondsOf(work, refs);
  await work.load(CLOCK, [workspace]);
  const recordedAt = Math.max(work.get(CLOCK, workspace) ?? 0, at);
  work.set(CLOCK, workspace, recordedAt);
  const step = await matcher.erase(work, { workspace, eventId, position, refs });
  const moved = step.moved.filter(({ ref }) => !dead.has(ref));

  const shared = new Set(bonds.namedByOthers);
  const devices = refs.filter((ref) => !shared.has(ref));
  const members = await keysUnder(state, 'a.member', refs);
  eraseAnchors(work, refs);
  eraseChoices(work, refs);
  eraseMembers(work, members);
  await eraseGuesses(work, refs);
  await eraseSessions(work, await keysUnder(state, 's.day', devices));
  const { gone, mixed } = await eraseOrders(work, await keysUnder(state, 'o.anchor', refs), dead);
  const left = mixed.map((one) => ({ ...one, order: orderOf(work, one.workspace, one.orderId) }));
  const orders = await owned(
    work,
    matcher,
    left.flatMap(({ order }) => order ?? []),
    position,
  );

  const touch = { workspace, version: position };
  const touched: Touched = {
    profiles: new Map(step.changed.map((profileId) => [profileId, touch])),
    refs: new Map(moved.map(({ ref }) => [ref, touch])),
  };
  await matcher.loadHolders(work, refs);
  await matcher.loadMemberships(work, erasure.profiles);
  const profiles = new Set<ProfileId>([
    ...refs.flatMap((ref) => matcher.holderOf(work, ref) ?? []),
    // An id that went to somebody else between the order and here is theirs.
    ...erasure.profiles.filter((id) =>
      (matcher.membership(work, id)?.members ?? []).every(({ ref }) => dead.has(ref)),
    ),
  ]);
  const changes = await changesOf(work, matcher, touched, (ref) => dead.has(ref));
  const aliases = await aliasChanges(work, matcher, step);
  return {
    folded: {
      ...NOTHING,
      ...changes,
      profiles: changes.profiles.filter(({ profileId }) => !profiles.has(profileId)),
      commands: [{ workspace, position, recordedAt, moved, decisions: step.decisions, aliases }],
      orders,
      erased: [
        {
          workspace,
          anchors: refs,
          devices,
          profiles: [...profiles],
          orders: [...gone, ...left.flatMap(({ orderId, order }) => (order === null ? orderId : []))],
        },
      ],
    },
    entangled: !bonds.closed || mixed.length > 0 || members.length > 0,
  };
}

async function owned(
  work: UnitOfWork,
  matcher: Matcher,
  orders: readonly Order[],
  version: Erasure['position'],
): Promise<Owned<Order>[]> {
  await matcher.loadHolders(
    work,
    orders.flatMap(({ anchor }) => anchor ?? []),
  );
  return orders.map((value) => ({
    value,
    version,
    profileId: (value.anchor === null ? undefined : matcher.holderOf(work, value.anchor)) ?? NIL_PROFILE,
  }));
}

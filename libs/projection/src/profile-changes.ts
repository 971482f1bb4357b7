import type { Position, ProfileId, Ref, Workspace } from '#kernel';
import type { Matcher } from '#identity';
import { IDENTIFIERS, joinProfile, loadProfiles, profileParts } from '#profile';
import type { IdentifierRow } from '#profile';
import { emailMatchKey } from '#repair';
import type { UnitOfWork } from '#state-store';
import type { FoldedBlock, IdentifierChange, ProfileChange } from './folded-block.ts';

/** Where something was touched, and the position of its last touch. */
export interface Touch {
  readonly workspace: Workspace;
  readonly version: Position;
}

/** Profiles and refs that a block touched. */
export interface Touched {
  readonly profiles: Map<ProfileId, Touch>;
  readonly refs: Map<Ref, Touch>;
}

/** Tells whether an identifier is erased at a position. */
export type IsDead = (ref: Ref, position: Position) => boolean;

/** What was touched, as the block left it. An erased person is a profile that is no more. */
export async function changesOf(
  work: UnitOfWork,
  matcher: Matcher,
  touched: Touched,
  isDead: IsDead,
): Promise<Pick<FoldedBlock, 'profiles' | 'identifiers'>> {
  await matcher.loadHolders(work, touched.refs.keys());
  const owners = [...touched.refs].map(([ref, touch]) => ({
    ref,
    touch,
    owner: matcher.holderOf(work, ref),
  }));
  // A device that a stranger used belongs to another profile than the touchpoint: that one was touched too.
  for (const { owner, touch } of owners) {
    if (owner !== undefined && !touched.profiles.has(owner)) touched.profiles.set(owner, touch);
  }
  await matcher.loadMemberships(work, touched.profiles.keys());
  const memberships = [...touched.profiles].map(([profileId, touch]) => ({
    profileId,
    touch,
    membership: matcher.membership(work, profileId),
  }));
  await loadProfiles(
    work,
    memberships.flatMap(({ membership }) => membership?.members.map(({ ref }) => ref) ?? []),
  );
  const profiles: ProfileChange[] = [];
  for (const { profileId, touch, membership } of memberships) {
    const [first] = membership?.members ?? [];
    const erased = first !== undefined && isDead(first.ref, touch.version);
    const alive = membership !== undefined && membership.profileId === profileId && !erased;
    profiles.push({
      workspace: touch.workspace,
      profileId,
      profile: alive
        ? joinProfile(membership, profileParts(work, membership), matcher.traitPolicies(touch.workspace))
        : null,
      version: touch.version,
    });
  }
  const identifiers: IdentifierChange[] = [];
  for (const { ref, touch, owner } of owners) {
    const row = work.get(IDENTIFIERS, ref);
    if (owner === undefined || row === undefined) continue;
    identifiers.push({
      ...touch,
      ref,
      namespace: row.ns,
      profileId: owner,
      firstSeen: row.first,
      lastSeen: row.last,
      source: row.source,
      ...matchKeyOf(row),
    });
  }
  return { profiles, identifiers };
}

function matchKeyOf({ ns, value }: IdentifierRow): Pick<IdentifierChange, 'matchKey'> {
  const matchKey = ns === 'email' ? emailMatchKey(value) : undefined;
  return matchKey === undefined ? {} : { matchKey };
}

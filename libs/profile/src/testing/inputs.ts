import type { EventId, Position, ProfileId, Ref, SourceName, Workspace } from '#kernel';
import type { Membership } from '#identity';
import { UnitOfWork, type StateStore } from '#state-store';
import { foldProfile } from '../fold-profile.ts';
import { joinProfile, type Profile } from '../join-profile.ts';
import { loadProfiles, profileParts } from '../load-profiles.ts';
import type { ProfileInput } from '../profile-input.ts';

const WORKSPACE = 'default' as Workspace;

/** An identify of the anchor `u1` at 1970-01-01T00:00:01Z, with whatever a spec wants otherwise. */
export function input(over: Partial<ProfileInput> & { readonly place?: number } = {}): ProfileInput {
  const { place = 1, ...rest } = over;
  const anchor = rest.anchor === undefined ? ('u1' as Ref) : rest.anchor;
  return {
    workspace: WORKSPACE,
    source: 'web' as SourceName,
    sourceRank: 0,
    eventId: `event-${place}` as EventId,
    position: BigInt(place) as Position,
    at: 1_000,
    index: 0,
    kind: 'identify',
    anchor,
    identifiers: anchor === null ? [] : [{ ns: 'user_id', ref: anchor, value: `user ${anchor}` }],
    traits: undefined,
    ...rest,
  };
}

/** A profile of these members. */
export function membershipOf(refs: readonly string[]): Membership {
  return {
    profileId: 'p' as ProfileId,
    workspace: WORKSPACE,
    members: refs.map((ref) => ({ ns: 'user_id', ref: ref as Ref })),
    createdAt: '1',
  };
}

/** A unit of work over a store in which nothing was ever written, with the inputs' rows loaded. */
export async function freshWork(inputs: readonly ProfileInput[]): Promise<UnitOfWork> {
  const nothing: Pick<StateStore, 'read'> = { read: async (keys) => keys.map(() => null) };
  const work = new UnitOfWork(nothing);
  await loadProfiles(work, refsOf(inputs));
  return work;
}

/** Every ref that the inputs name. */
export function refsOf(inputs: readonly ProfileInput[]): Ref[] {
  return inputs.flatMap(({ anchor, identifiers }) => [
    ...(anchor === null ? [] : [anchor]),
    ...identifiers.map(({ ref }) => ref),
  ]);
}

/** Folds the inputs and joins the profile of the members (all refs named, unless told). */
export async function profileOf(
  inputs: readonly ProfileInput[],
  members?: readonly string[],
): Promise<Profile> {
  const work = await freshWork(inputs);
  for (const one of inputs) foldProfile(work, one);
  const membership = membershipOf(members ?? [...new Set(refsOf(inputs))]);
  await loadProfiles(
    work,
    membership.members.map(({ ref }) => ref),
  );
  return joinProfile(membership, profileParts(work, membership));
}

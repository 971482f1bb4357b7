import type { ProfileId, Ref, Workspace } from '#kernel';
import { jsonCollection } from '#state-store';
import type { EnvelopeRef } from '#touchpoint';
import type { Membership } from './identity.types.ts';

/** An identifier inside a profile's row: namespace and ref. */
export type Member = readonly [ns: string, ref: Ref];

/** An envelope's ref as a member. */
export function memberOf({ ns, ref }: EnvelopeRef): Member {
  return [ns, ref];
}

/** Row of `i.ref`: the living profile that holds an identifier. Never an alias: a merge rewrites it. */
export interface RefRow {
  readonly ns: string;
  readonly profileId: ProfileId;
}

/** Row of `i.prof` for a living profile. */
export interface ProfileRow {
  readonly workspace: Workspace;
  readonly founding: Member;
  /** Position of the touchpoint that founded it, decimal. */
  readonly createdAt: string;
  /** In the order in which they came. */
  readonly members: readonly Member[];
  /** Decisions published in this profile's stream: the revision of the next one. */
  readonly published: number;
  /** Profiles absorbed so far with their own counters: all point here, so that an alias is one hop. */
  readonly aliases: readonly (readonly [id: ProfileId, published: number])[];
  /** Keys of refused links already told; bounded, see `refused-links.ts`. */
  readonly refused: readonly string[];
  /** Refused links beyond that bound: counted, not told. */
  readonly refusedUntold: number;
}

/** Row of `i.prof` for an absorbed profile. */
export interface AliasRow {
  readonly alias: ProfileId;
  /** As in `ProfileRow`: its stream ends with its absorption, the counter says where. */
  readonly published: number;
}

/** Identifier → living profile; key: the ref. */
export const REFS = jsonCollection<RefRow>('i.ref');

/** Profiles and aliases; key: the profile id. */
export const PROFILES = jsonCollection<ProfileRow | AliasRow>('i.prof');

/** True for the row of an absorbed profile. */
export function isAlias(row: ProfileRow | AliasRow): row is AliasRow {
  return 'alias' in row;
}

/** A profile's row as others see it. */
export function membershipOf(profileId: ProfileId, row: ProfileRow): Membership {
  return {
    profileId,
    workspace: row.workspace,
    members: row.members.map(([ns, ref]) => ({ ns, ref })),
    createdAt: row.createdAt,
  };
}

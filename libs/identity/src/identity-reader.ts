import type { ProfileId, Ref } from '#kernel';
import type { Collection, StateStore } from '#state-store';
import { isAlias, membershipOf, PROFILES, REFS, type ProfileRow } from './identity-rows.ts';
import type { Membership } from './identity.types.ts';

/** Committed identity, for those who ask from outside the fold. */
export interface IdentityReader {
  /** Living profile that holds an identifier; `undefined` if none does. */
  profileOf(ref: Ref): Promise<ProfileId | undefined>;
  /** A profile's identifiers; an absorbed id answers with its survivor's id. `undefined`: no such profile. */
  membership(profileId: ProfileId): Promise<Membership | undefined>;
  /** True if the person that an id leads to was erased: their identifiers stand together, and nobody else's with them. */
  isErased(profileId: ProfileId): Promise<boolean>;
  /** The living profile's id and all that lead to it; empty if there is no such profile. */
  idsOf(profileId: ProfileId): Promise<ProfileId[]>;
}

/** Reads identity from a state store that a runner may be writing at the same time. */
export function identityReader(store: StateStore): IdentityReader {
  return {
    async profileOf(ref) {
      return (await readRow(store, REFS, ref))?.profileId;
    },
    async membership(profileId) {
      const living = await livingProfile(store, profileId);
      return living === undefined ? undefined : membershipOf(living.id, living.row);
    },
    async isErased(profileId) {
      const [first] = (await livingProfile(store, profileId))?.row.members ?? [];
      return first !== undefined && (await readRow(store, REFS, first[1]))?.erased === true;
    },
    async idsOf(profileId) {
      const living = await livingProfile(store, profileId);
      return living === undefined ? [] : [living.id, ...living.row.aliases];
    },
  };
}

/** Row of the profile that an id leads to; `undefined` if nobody was ever given the id. */
export async function livingProfile(
  store: StateStore,
  profileId: ProfileId,
): Promise<{ readonly id: ProfileId; readonly row: ProfileRow } | undefined> {
  let id = profileId;
  for (;;) {
    const row = await readRow(store, PROFILES, id);
    if (row === undefined) return undefined;
    if (!isAlias(row)) return { id, row };
    // One hop at rest; a merge committed between two reads can add one.
    id = row.alias;
  }
}

async function readRow<V>(store: StateStore, collection: Collection<V>, key: string): Promise<V | undefined> {
  const [bytes] = await store.read([{ collection: collection.name, key }]);
  return bytes ? collection.decode(bytes) : undefined;
}

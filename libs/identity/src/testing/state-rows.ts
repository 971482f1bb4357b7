import type { ProfileId, Ref } from '#kernel';
import { isAlias, PROFILES, REFS, type ProfileRow, type RefRow } from '../identity-rows.ts';
import type { MemoryState } from './memory-state.ts';

/** Rows of a state, read back as an engine would. */
export interface Rows {
  readonly refs: ReadonlyMap<Ref, RefRow>;
  /** Identifier → living profile. */
  readonly map: ReadonlyMap<Ref, ProfileId>;
  readonly profiles: ReadonlyMap<ProfileId, ProfileRow>;
  readonly aliases: ReadonlyMap<ProfileId, ProfileId>;
  readonly published: ReadonlyMap<ProfileId, number>;
}

/** Reads a state's rows. */
export function rowsOf({ rows }: MemoryState): Rows {
  const refs = new Map<Ref, RefRow>();
  const map = new Map<Ref, ProfileId>();
  const profiles = new Map<ProfileId, ProfileRow>();
  const aliases = new Map<ProfileId, ProfileId>();
  const published = new Map<ProfileId, number>();
  for (const [address, bytes] of rows) {
    const [collection, key] = address.split('/') as [string, string];
    if (collection === REFS.name) {
      const row = REFS.decode(bytes);
      refs.set(key as Ref, row);
      if (row.profileId !== undefined) map.set(key as Ref, row.profileId);
    }
    if (collection !== PROFILES.name) continue;
    const row = PROFILES.decode(bytes);
    published.set(key as ProfileId, row.published);
    if (isAlias(row)) aliases.set(key as ProfileId, row.alias);
    else profiles.set(key as ProfileId, row);
  }
  return { refs, map, profiles, aliases, published };
}

import type { Ref } from '#kernel';
import type { Membership } from '#identity';
import type { Collection, UnitOfWork } from '#state-store';
import { ANCHORS, IDENTIFIERS, type ProfileParts } from './profile-rows.ts';

/** Loads what `foldProfile` and `profileParts` read of these refs. */
export async function loadProfiles(work: UnitOfWork, refs: Iterable<Ref>): Promise<void> {
  const keys = [...refs];
  await work.load(ANCHORS, keys);
  await work.load(IDENTIFIERS, keys);
}

/** Rows of a profile's members inside a block. Throws `RowNotLoaded` for members that nobody loaded. */
export function profileParts(work: UnitOfWork, { members }: Membership): ProfileParts {
  const rows = <V>(collection: Collection<V>): Map<Ref, V> =>
    new Map(
      members.flatMap(({ ref }) => {
        const row = work.get(collection, ref);
        return row === undefined ? [] : [[ref, row] as const];
      }),
    );
  return { anchors: rows(ANCHORS), identifiers: rows(IDENTIFIERS) };
}

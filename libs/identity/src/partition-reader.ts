import type { ProfileId, Ref } from '#kernel';
import type { Collection, StateStore } from '#state-store';
import { isAlias, PROFILES, REFS } from './identity-rows.ts';

/** Who is who in a state, for those who go through all of it. */
export interface PartitionReader {
  /** Living profiles with their identifiers, in the order of their ids. */
  profiles(): AsyncIterable<{ readonly profileId: ProfileId; readonly members: readonly Ref[] }>;
  /** Profile that holds each identifier; `undefined` where none does. One batch of reads. */
  holders(refs: readonly Ref[]): Promise<readonly (ProfileId | undefined)[]>;
  /** Identifiers of each living profile; none for other ids. One batch of reads. */
  membersOf(profiles: readonly ProfileId[]): Promise<readonly (readonly Ref[])[]>;
}

/** Reads the partition of a state to which nobody writes meanwhile. */
export function partitionReader(store: StateStore): PartitionReader {
  return {
    async *profiles() {
      for await (const { key, value } of store.scan({ collection: PROFILES.name })) {
        const row = PROFILES.decode(value);
        if (!isAlias(row)) yield { profileId: key as ProfileId, members: row.members.map(([, ref]) => ref) };
      }
    },
    async holders(refs) {
      return (await readRows(store, REFS, refs)).map((row) => row?.profileId);
    },
    async membersOf(profiles) {
      const rows = await readRows(store, PROFILES, profiles);
      return rows.map((row) => (row === undefined || isAlias(row) ? [] : row.members.map(([, ref]) => ref)));
    },
  };
}

/** How many decisions the fold has told in the stream of each profile, absorbed ones included; 0 where there is none. */
export async function publishedCounts(store: StateStore, profiles: readonly ProfileId[]): Promise<number[]> {
  return (await readRows(store, PROFILES, profiles)).map((row) => row?.published ?? 0);
}

async function readRows<V>(
  store: StateStore,
  { name, decode }: Collection<V>,
  keys: readonly string[],
): Promise<(V | undefined)[]> {
  const found = await store.read(keys.map((key) => ({ collection: name, key })));
  return found.map((bytes) => (bytes ? decode(bytes) : undefined));
}

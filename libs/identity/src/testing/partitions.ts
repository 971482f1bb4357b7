import { REFS } from '../identity-rows.ts';
import type { MemoryState } from './memory-state.ts';
import type { Resolution } from './reference/partition.ts';

/** The partition of a state: each profile's identifiers as one sorted line, the lines sorted; names of ids do not count. */
export function partitionIn({ rows }: MemoryState): string[] {
  const groups = new Map<string, string[]>();
  for (const [address, bytes] of rows) {
    const [collection, ref] = address.split('/') as [string, string];
    const profile = collection === REFS.name ? REFS.decode(bytes).profileId : undefined;
    if (profile !== undefined) groups.set(profile, [...(groups.get(profile) ?? []), ref]);
  }
  return lines(groups.values());
}

/** The partition that the batch reference gives, in the same form. */
export function partitionOf({ groups }: Resolution): string[] {
  return lines(new Set(groups.values()));
}

function lines(groups: Iterable<Iterable<string>>): string[] {
  return [...new Set([...groups].map((group) => [...group].sort().join(' ')))].sort();
}

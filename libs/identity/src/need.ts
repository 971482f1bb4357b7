import type { Collection, UnitOfWork } from '#state-store';

/**
 * Makes rows readable; nothing to wait for if all are at hand, as they are where `load` foresaw the need. Asking
 * for rows that are there costs a tenth of loading them again.
 */
export function need<V>(
  work: UnitOfWork,
  collection: Collection<V>,
  keys: readonly string[],
): Promise<void> | undefined {
  return keys.every((key) => work.has(collection, key)) ? undefined : work.load(collection, keys);
}

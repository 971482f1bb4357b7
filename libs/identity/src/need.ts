import { RowNotLoaded, type Collection, type UnitOfWork } from '#state-store';

/**
 * Makes rows readable; nothing to wait for if all are at hand, as they are where `load` foresaw the need. Asking
 * for rows that are there costs a tenth of loading them again.
 */
export function need<V>(
  work: UnitOfWork,
  collection: Collection<V>,
  keys: readonly string[],
): Promise<void> | undefined {
  try {
    for (const key of keys) work.get(collection, key);
    return undefined;
  } catch (error) {
    if (!(error instanceof RowNotLoaded)) throw error;
    return work.load(collection, keys);
  }
}

import type { UnitOfWork } from '#state-store';
import { MEMBERS } from './account-rows.ts';

/**
 * Removes memberships, by their keys. What the members said of the accounts themselves stays: which of it, only the
 * events of the others in the log can tell.
 */
export function eraseMembers(work: UnitOfWork, keys: Iterable<string>): void {
  for (const key of keys) work.set(MEMBERS, key, undefined);
}

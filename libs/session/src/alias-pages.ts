import type { UnitOfWork } from '#state-store';
import type { SessionId } from './session-id.ts';
import { ALIASES } from './session-rows.ts';

/** Ids in one page: about 10 KB, rewritten by merges only. */
export const ALIASES_A_PAGE = 256;

/** Keys of the pages of a session that has `count` aliases. */
export function pageKeys(sessionId: SessionId, count: number): string[] {
  return Array.from({ length: Math.ceil(count / ALIASES_A_PAGE) }, (_, page) => `${sessionId}/${page}`);
}

/** Takes all aliases from a session that is about to become one itself. */
export function takeAliases(work: UnitOfWork, sessionId: SessionId, count: number): SessionId[] {
  return pageKeys(sessionId, count).flatMap((key) => {
    const page = work.get(ALIASES, key) ?? [];
    work.set(ALIASES, key, undefined);
    return page;
  });
}

/** Adds aliases behind the `count` that the session has. Only its last page is rewritten. */
export function addAliases(
  work: UnitOfWork,
  sessionId: SessionId,
  count: number,
  added: readonly SessionId[],
): void {
  const full = Math.floor(count / ALIASES_A_PAGE);
  const keys = pageKeys(sessionId, count + added.length).slice(full);
  // A page that does not exist yet was not loaded either.
  const open = count % ALIASES_A_PAGE === 0 ? [] : (work.get(ALIASES, keys[0] as string) ?? []);
  const ids = [...open, ...added];
  keys.forEach((key, i) => {
    work.set(ALIASES, key, ids.slice(i * ALIASES_A_PAGE, (i + 1) * ALIASES_A_PAGE));
  });
}

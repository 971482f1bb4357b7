import type { UnitOfWork } from '#state-store';
import { pageKeys } from './alias-pages.ts';
import type { SessionId } from './session-id.ts';
import { ALIASES, DAYS, isAlias, SESSIONS } from './session-rows.ts';

/** Removes all visits of devices. `days` are the `s.day` rows of these devices, all of them. */
export async function eraseSessions(work: UnitOfWork, days: readonly string[]): Promise<void> {
  await work.load(DAYS, days);
  const named = new Set(days.flatMap((day) => (work.get(DAYS, day) ?? []).map(([, , id]) => id)));
  await work.load(SESSIONS, named);
  const living = new Set<SessionId>();
  for (const id of named) {
    const row = work.get(SESSIONS, id);
    living.add(row !== undefined && isAlias(row) ? row.into : id);
  }
  await work.load(SESSIONS, living);
  const pages = [...living].flatMap((id) => {
    const row = work.get(SESSIONS, id);
    return row === undefined || isAlias(row) ? [] : pageKeys(id, row.aliases);
  });
  await work.load(ALIASES, pages);
  const merged = pages.flatMap((page) => work.get(ALIASES, page) ?? []);
  for (const day of days) work.set(DAYS, day, undefined);
  for (const page of pages) work.set(ALIASES, page, undefined);
  for (const id of new Set([...named, ...living, ...merged])) work.set(SESSIONS, id, undefined);
}

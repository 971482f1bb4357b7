import type { Ref, Workspace } from '#kernel';
import { jsonCollection, type UnitOfWork } from '#state-store';
import type { Aggregate } from './aggregate.ts';
import { SessionMissing } from './errors.ts';
import type { Segment } from './segments.ts';
import type { SessionId } from './session-id.ts';

/** Row of `s.sess` for a living session. */
export interface SessionRow extends Aggregate {
  readonly workspace: Workspace;
  readonly device: Ref;
  /** Sessions merged into this one so far; their ids stand in pages of `s.alias`. */
  readonly aliases: number;
}

/** Row of `s.sess` for a merged session: the living one that has its events. */
export interface AliasRow {
  readonly into: SessionId;
}

/** Activity per device and day; key: device ref, `/`, days since 1970 UTC. In order of time. */
export const DAYS = jsonCollection<readonly Segment[]>('s.day');

/** Sessions and aliases; key: the session id. */
export const SESSIONS = jsonCollection<SessionRow | AliasRow>('s.sess');

/** Ids that were merged into a session, `ALIASES_A_PAGE` a row; key: session id, `/`, number of the page from 0. */
export const ALIASES = jsonCollection<readonly SessionId[]>('s.alias');

/** True for the row of a merged session. */
export function isAlias(row: SessionRow | AliasRow): row is AliasRow {
  return 'into' in row;
}

/**
 * The living session behind an id that a segment holds. Aliases are one hop.
 * Throws `SessionMissing` if the id has no row.
 */
export function livingId(work: UnitOfWork, sessionId: SessionId): SessionId {
  const row = rowOf(work, sessionId);
  return isAlias(row) ? row.into : sessionId;
}

/** The row of a living session. Throws `SessionMissing` if it is not living. */
export function livingRow(work: UnitOfWork, sessionId: SessionId): SessionRow {
  const row = rowOf(work, sessionId);
  if (isAlias(row)) throw new SessionMissing(sessionId);
  return row;
}

function rowOf(work: UnitOfWork, sessionId: SessionId): SessionRow | AliasRow {
  const row = work.get(SESSIONS, sessionId);
  if (row === undefined) throw new SessionMissing(sessionId);
  return row;
}

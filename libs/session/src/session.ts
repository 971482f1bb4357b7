import type { Ref, SourceName, Workspace } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { SessionId } from './session-id.ts';
import { isAlias, SESSIONS } from './session-rows.ts';

/** A visit: what a device did without a pause longer than 30 minutes. Times are ms since 1970 UTC. */
export interface Session {
  readonly sessionId: SessionId;
  readonly workspace: Workspace;
  /** Ref of the `anonymous_id` whose visit it is; the anchor where its events name none. */
  readonly device: Ref;
  /** The best anchor among its events, of equals the first: the session's person is whoever holds it. */
  readonly anchor: Ref;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly eventCount: number;
  /** Path of the first event that has one; empty if none has. May hold personal data, as may `exitPath`. */
  readonly entryPath: string;
  /** Path of the last event that has one; empty if none has. */
  readonly exitPath: string;
  /** First campaign that its events name; empty if none does. */
  readonly campaign: string;
  /** Source of its first event. */
  readonly source: SourceName;
  /** Seconds from start to end with three decimals, as a float; 0 for a single event. */
  readonly durationS: number;
}

/**
 * A session of this block after the fold; `null` where it was merged into another or does not exist: its row in a
 * table is to be deleted. Throws `RowNotLoaded` for sessions that no event of the block has reached.
 */
export function sessionOf(work: UnitOfWork, sessionId: SessionId): Session | null {
  const row = work.get(SESSIONS, sessionId);
  if (row === undefined || isAlias(row)) return null;
  const { workspace, device, anchor, last, events, entry, exit, campaign } = row;
  const [source, startedAt] = row.source;
  return {
    sessionId,
    workspace,
    device,
    anchor: anchor[0] as Ref,
    startedAt,
    endedAt: last,
    eventCount: events,
    entryPath: entry?.[0] ?? '',
    exitPath: exit?.[0] ?? '',
    campaign: campaign?.[0] ?? '',
    source: source as SourceName,
    durationS: (last - startedAt) / 1_000,
  };
}

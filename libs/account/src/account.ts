import { compareText, isoTime, type EventId, type Ref, type SourceName, type Workspace } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { accountKey, ACCOUNTS, memberKey, MEMBERS } from './account-rows.ts';

/** A trait of an account with its provenance. */
export interface AccountTrait {
  readonly value: unknown;
  /** Event time, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly source: SourceName;
  readonly eventId: EventId;
}

/** An account as now known. Times are event times, ISO 8601 UTC with milliseconds. */
export interface Account {
  readonly workspace: Workspace;
  readonly accountId: string;
  /** By name, in the order of the names. */
  readonly traits: Readonly<Record<string, AccountTrait>>;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** That an anchor's person was named with an account. Times are event times, ISO 8601 UTC with milliseconds. */
export interface AccountMembership {
  readonly workspace: Workspace;
  readonly accountId: string;
  readonly anchor: Ref;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** Source that named them together first. */
  readonly source: SourceName;
}

/** The account; `null` if none was named so. Throws `RowNotLoaded` for one that `loadAccounts` did not load. */
export function accountOf(work: UnitOfWork, workspace: Workspace, accountId: string): Account | null {
  const row = work.get(ACCOUNTS, accountKey(workspace, accountId));
  if (row === undefined) return null;
  const traits = Object.entries(row.traits)
    .filter(([, { value }]) => value !== null)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { value, at, source, eventId }]) => [name, { value, at: isoTime(at), source, eventId }]);
  return {
    workspace,
    accountId,
    traits: Object.fromEntries(traits) as Record<string, AccountTrait>,
    firstSeenAt: isoTime(row.first),
    lastSeenAt: isoTime(row.last),
  };
}

/**
 * An anchor's membership in an account; `null` if no group call named both. A person's memberships are those of all
 * their anchors. Throws `RowNotLoaded` for one that `loadAccounts` did not load.
 */
export function membershipOf(
  work: UnitOfWork,
  workspace: Workspace,
  accountId: string,
  anchor: Ref,
): AccountMembership | null {
  const row = work.get(MEMBERS, memberKey(anchor, workspace, accountId));
  if (row === undefined) return null;
  const { first, last, source } = row;
  return { workspace, accountId, anchor, firstSeenAt: isoTime(first), lastSeenAt: isoTime(last), source };
}

import type { Ref, SourceName, Workspace } from '#kernel';
import type { Register } from '#profile';
import { jsonCollection } from '#state-store';

/** Row of `a.account`: what group calls say of one account. */
export interface AccountRow {
  /** Earliest event time, ms since 1970 UTC. */
  readonly first: number;
  /** Latest event time, ms since 1970 UTC. */
  readonly last: number;
  /** Newest word on each trait, tombstones included. Names come from outside: look up with `Object.hasOwn`. */
  readonly traits: Readonly<Record<string, Register>>;
  /** Traits that came when the row was full, counted each time. */
  readonly dropped: number;
}

/** Row of `a.member`: an identifier's person was named with an account. A merge or a split never changes it. */
export interface MemberRow {
  readonly workspace: Workspace;
  readonly accountId: string;
  /** Earliest event time that named both, ms since 1970 UTC. */
  readonly first: number;
  /** Position of that event (the lowest at equal times), decimal. */
  readonly firstPosition: string;
  /** Latest event time that named both, ms since 1970 UTC. */
  readonly last: number;
  /** Source of the event that named both first. */
  readonly source: SourceName;
}

/** Accounts; key: `accountKey`. */
export const ACCOUNTS = jsonCollection<AccountRow>('a.account');

/** Anchors and their accounts; key: `memberKey`. */
export const MEMBERS = jsonCollection<MemberRow>('a.member');

/** Key of an account. A workspace holds no slash: the first one ends it. */
export function accountKey(workspace: Workspace, accountId: string): string {
  return `${workspace}/${accountId}`;
}

/** Key of a membership. The ref comes first: one scan of `<ref>/` finds all accounts of an anchor. */
export function memberKey(anchor: Ref, workspace: Workspace, accountId: string): string {
  return `${anchor}/${accountKey(workspace, accountId)}`;
}

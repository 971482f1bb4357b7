import type { Position, ProfileId, Ref, Workspace } from '#kernel';
import type { Account, AccountMembership } from '#account';
import type { ChoiceRow } from '#consent';
import type { GuessRow } from '#correction';
import type { Decision, Move } from '#identity';
import type { Order } from '#order';
import type { Profile } from '#profile';
import type { ArrivalCount } from '#quality';
import type { Session, SessionId } from '#session';
import type { OpenedTouchpoint } from './opened.ts';

/** An id that leads to another profile from here on, or to itself: it is a living profile's again. */
export interface AliasChange {
  readonly id: ProfileId;
  readonly leadsTo: ProfileId;
}

/** A touchpoint with what identity made of it. */
export interface TouchpointFact {
  readonly touchpoint: OpenedTouchpoint;
  /** Profile at the touchpoint's own position. */
  readonly profileId: ProfileId;
  /** Log time: running maximum of `receivedAt` in log order in its workspace, ms since 1970 UTC. */
  readonly recordedAt: number;
  readonly moved: readonly Move[];
  readonly decisions: readonly Decision[];
  readonly aliases: readonly AliasChange[];
  /** Session at the touchpoint's own position; absent where it belongs to none. */
  readonly sessionId?: SessionId;
}

/** An operator's order with what identity made of it. */
export interface CommandFact {
  readonly workspace: Workspace;
  readonly position: Position;
  /** Log time, as of a touchpoint. */
  readonly recordedAt: number;
  readonly moved: readonly Move[];
  readonly decisions: readonly Decision[];
  readonly aliases: readonly AliasChange[];
}

/** A profile as the block left it; `profile: null` where it was absorbed by another. */
export interface ProfileChange {
  readonly workspace: Workspace;
  readonly profileId: ProfileId;
  readonly profile: Profile | null;
  /** Position of the last touchpoint of the block that touched it. */
  readonly version: Position;
}

/** An identifier as the block left it. */
export interface IdentifierChange {
  readonly workspace: Workspace;
  readonly ref: Ref;
  readonly namespace: string;
  readonly profileId: ProfileId;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly source: string;
  /** What it has in common with identifiers that a provider delivers to one box; absent where there is none. */
  readonly matchKey?: string;
  readonly version: Position;
}

/** Something that belongs to an identifier and, through it, to a person. */
export interface Owned<T> {
  readonly value: T;
  /** Profile that holds the value's anchor at the end of the block; the nil profile where it has none. */
  readonly profileId: ProfileId;
  /** Position of the last touchpoint of the block that changed it. */
  readonly version: Position;
}

/** A session id that leads to another session from a position on. */
export interface SessionMove {
  readonly workspace: Workspace;
  readonly from: SessionId;
  readonly to: SessionId;
  readonly version: Position;
}

/** A session as the block left it; `session: null` where it was joined with an earlier one. */
export interface SessionChange {
  readonly workspace: Workspace;
  readonly sessionId: SessionId;
  readonly session: Session | null;
  readonly profileId: ProfileId;
  readonly version: Position;
}

/** An account as the block left it. */
export interface AccountChange {
  readonly account: Account;
  readonly version: Position;
}

/** What was chosen under an identifier, as the block left it. */
export interface ConsentChange {
  readonly workspace: Workspace;
  readonly anchor: Ref;
  readonly choices: ChoiceRow['choices'];
}

/** The guesses from an identifier, as the block left them. */
export interface CorrectionChange {
  readonly workspace: Workspace;
  readonly anchor: Ref;
  /** Canonical value that was typed; empty where that is no identifier. Personal data. */
  readonly typed: string;
  readonly row: GuessRow;
}

/** Items that arrived at a source on a day and became no event: known already, or refused. */
export interface ArrivalFact extends ArrivalCount {
  readonly workspace: Workspace;
  /** Position of the event that tells of them, and their place in it. */
  readonly position: Position;
  readonly n: number;
}

/** What people did in a block, beside who they are. */
export interface FoldedActivity {
  readonly orders: readonly Owned<Order>[];
  readonly sessions: readonly SessionChange[];
  readonly sessionMoves: readonly SessionMove[];
  readonly accounts: readonly AccountChange[];
  readonly memberships: readonly Owned<AccountMembership>[];
  readonly consents: readonly Owned<ConsentChange>[];
}

/** What the tables must not hold any more because a person was erased. */
export interface ErasedRows {
  readonly workspace: Workspace;
  /** Anchors whose rows go. */
  readonly anchors: readonly Ref[];
  /** Devices whose visits go: those of the anchors that nobody else was seen with. */
  readonly devices: readonly Ref[];
  /** Profiles that are no more. */
  readonly profiles: readonly ProfileId[];
  /** Orders of which nothing is left. */
  readonly orders: readonly string[];
}

/** Everything that a block of touchpoints changed, for those downstream. */
export interface FoldedBlock extends FoldedActivity {
  readonly facts: readonly TouchpointFact[];
  readonly commands: readonly CommandFact[];
  readonly profiles: readonly ProfileChange[];
  readonly identifiers: readonly IdentifierChange[];
  readonly corrections: readonly Owned<CorrectionChange>[];
  readonly arrivals: readonly ArrivalFact[];
  readonly erased: readonly ErasedRows[];
}

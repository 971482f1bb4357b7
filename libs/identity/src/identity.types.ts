import type { EventId, Position, ProfileId, Ref, SourceName, Workspace } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import type { UnitOfWork } from '#state-store';

/** What identity sees of a touchpoint: its envelope's refs, its place and its time. No personal data. */
export interface Observation {
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly eventId: EventId;
  readonly position: Position;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly index: number;
  /** All refs of the envelope, in extraction order. One of namespace `event` makes it unattributed. */
  readonly refs: readonly EnvelopeRef[];
}

/** Kinds of decisions about people. */
export type DecisionKind =
  | 'ProfileCreated'
  | 'ProfileIdentified'
  | 'IdentifierLinked'
  | 'ProfilesMerged'
  | 'ProfileAbsorbed'
  | 'LinkRejected';

/** Why a profile is as it is. Refs only, so it may stand in the log in the clear. */
export interface Decision {
  /** UUIDv5(cause event id, kind, n): the same input decides the same id, for ever. */
  readonly decisionId: string;
  readonly workspace: Workspace;
  readonly kind: DecisionKind;
  readonly profileId: ProfileId;
  readonly otherProfileId?: ProfileId;
  /** Rule that decided, such as `R6`, `R3`. */
  readonly rule: string;
  /** Touchpoint that caused it, and its position: decisions are ordered by (cause position, n). */
  readonly evidenceEventId: EventId;
  readonly position: Position;
  /** Number among the decisions of its cause, from 0. */
  readonly n: number;
  /** Further facts by kind: identifiers as {ns, ref}, reason, counts. JSON, no personal data. */
  readonly details: Readonly<Record<string, unknown>>;
  /**
   * Where it is published; absent for profiles of device identifiers only, which publish nothing. `revision` is
   * the place in the stream that this decision takes.
   */
  readonly publish?: { readonly stream: string; readonly revision: number };
}

/** An identifier that belonged to one profile and belongs to another from this position on. */
export interface Move {
  readonly ref: Ref;
  readonly from: ProfileId;
  readonly to: ProfileId;
}

/** What one observation did to the map identifier → profile. */
export interface IdentityStep {
  /** Profile of the touchpoint at its own position: that of its anchor; the nil profile if unattributed. */
  readonly profileId: ProfileId;
  /** Identifiers whose profile changed; first assignments are none. */
  readonly moved: readonly Move[];
  /** Profiles born, grown or emptied by this step (aliases of absorbed ones included). */
  readonly changed: readonly ProfileId[];
  readonly decisions: readonly Decision[];
}

/** A profile's identifiers. */
export interface Membership {
  readonly profileId: ProfileId;
  readonly workspace: Workspace;
  readonly members: readonly { readonly ns: string; readonly ref: Ref }[];
  /** Position of the touchpoint that founded it, decimal. */
  readonly createdAt: string;
}

/**
 * The seam behind which people are told apart. A later rule engine replaces the implementation; nobody else may
 * depend on how it decides.
 */
export interface Matcher {
  /** Loads what `observe` will read for these observations. */
  load(work: UnitOfWork, observations: readonly Observation[]): Promise<void>;
  /** Folds one observation, in log order. Reads and writes only through `work`; no clock, no randomness. */
  observe(work: UnitOfWork, observation: Observation): IdentityStep;
  /**
   * A profile's identifiers after the fold, aliases followed. For profiles of this block's steps, before its
   * commit; `identityReader` answers for any profile and at any time.
   */
  membership(work: UnitOfWork, profileId: ProfileId): Membership | undefined;
  /** Makes `holderOf` answer for further identifiers, such as the anchor of an order that the block changed. */
  loadHolders(work: UnitOfWork, refs: Iterable<Ref>): Promise<void>;
  /** Profile that holds an identifier after the fold; of this block's observations, or loaded by `loadHolders`. */
  holderOf(work: UnitOfWork, ref: Ref): ProfileId | undefined;
}

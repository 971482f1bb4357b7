import type { EventId, Position, ProfileId, Ref, SourceName, Workspace } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import type { TraitPolicies } from './trait-policy.ts';
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
  /** Row of a snapshot that this is a version of (R7): the newest by (at, event id) replaces what earlier ones said. */
  readonly recordRef?: Ref;
}

/** What an operator orders (R8). The later one in the log wins where two contradict each other. */
export type Command = {
  readonly workspace: Workspace;
  /** Event that carries the command; `undo` names it. */
  readonly eventId: EventId;
  readonly position: Position;
  /** Who ordered it and why; kept for whoever asks, decides nothing. */
  readonly actor: string;
  readonly reason: string;
} & (
  | {
      /** The identifiers are one person's, whatever limits say; together they count as one value of a namespace. */
      readonly kind: 'force_merge';
      readonly refs: readonly Ref[];
    }
  | {
      /** The two are never one person's. */
      readonly kind: 'forbid';
      readonly a: Ref;
      readonly b: Ref;
    }
  | {
      /** All that linked the identifier up to here no longer does; what is observed later links it anew. */
      readonly kind: 'release';
      readonly ref: Ref;
    }
  | {
      /** The identifier is not quarantined for having been seen with too many people. */
      readonly kind: 'lift';
      readonly ref: Ref;
    }
  | {
      /** An earlier command counts as never given. */
      readonly kind: 'undo';
      readonly command: EventId;
    }
);

/** A person was erased: later observations drop these refs, and no edge joins them to living ones. */
export interface Erasure {
  readonly workspace: Workspace;
  readonly eventId: EventId;
  readonly position: Position;
  readonly refs: readonly Ref[];
}

/** Kinds of decisions about people. */
export type DecisionKind =
  | 'ProfileCreated'
  | 'ProfileIdentified'
  | 'IdentifierLinked'
  | 'ProfilesMerged'
  | 'ProfileAbsorbed'
  | 'ProfileSplit'
  | 'LinkRejected'
  | 'LinkRevoked'
  | 'IdentifierQuarantined'
  | 'IdentifierMarkedShared';

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
  /** Version of the workspace's rules by which it was decided; 0: the defaults. */
  readonly rulesVersion: number;
  /** Event that caused it, and its position: decisions are ordered by (cause position, n). */
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

/** What one observation, command or erasure did to the map identifier → profile. */
export interface IdentityStep {
  /**
   * Profile of the touchpoint at its own position: that of its anchor; the nil profile if unattributed or if the
   * anchor is erased, and for commands and erasures.
   */
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

/** The seam behind which people are told apart; nobody else may depend on how it decides. */
export interface Matcher {
  /**
   * Loads in few reads what `observe` reads of these observations unless they contradict something. May run while the
   * block before is folded.
   */
  load(work: UnitOfWork, observations: readonly Observation[]): Promise<void>;
  /**
   * Folds one observation, in log order, one at a time. Reads and writes only through `work`; no clock, no
   * randomness. Waits only where a contradiction is resolved among identifiers that nobody could foresee, or where
   * `load` was not asked.
   */
  observe(work: UnitOfWork, observation: Observation): IdentityStep | Promise<IdentityStep>;
  /** Folds an operator's command, in log order among observations. Telling it again changes nothing. */
  command(work: UnitOfWork, command: Command): Promise<IdentityStep>;
  /** Folds an erasure, in log order among observations. */
  erase(work: UnitOfWork, erasure: Erasure): Promise<IdentityStep>;
  /** Makes `membership` answer for these profiles. */
  loadMemberships(work: UnitOfWork, profiles: Iterable<ProfileId>): Promise<void>;
  /**
   * A profile's identifiers after the fold, aliases followed; it must be loaded. `identityReader` answers for any
   * profile and at any time.
   */
  membership(work: UnitOfWork, profileId: ProfileId): Membership | undefined;
  /** R11: which of several words on a trait stands in a workspace. */
  traitPolicies(workspace: Workspace): TraitPolicies;
  /** Makes `holderOf` answer for further identifiers, such as the anchor of an order that the block changed. */
  loadHolders(work: UnitOfWork, refs: Iterable<Ref>): Promise<void>;
  /** Profile that holds an identifier after the fold; it must be loaded by `loadHolders`. */
  holderOf(work: UnitOfWork, ref: Ref): ProfileId | undefined;
}

import type { EventId, ProfileId, Ref } from '#kernel';
import type { Command } from '../identity.types.ts';

/** An identifier as an explanation names it. */
export interface NamedRef {
  readonly ns: string;
  readonly ref: Ref;
}

/** An identifier of the profile that is explained. */
export interface ExplainedIdentifier extends NamedRef {
  /** It keeps out of all links: seen with too many people, or in too many events (R4). */
  readonly quarantined: boolean;
  /** A device of several people, which belongs to none of them (R5). */
  readonly shared: boolean;
  /** The profile began with it, and its id is made of it. */
  readonly founding: boolean;
}

/** Something that was said of two identifiers at once, and when it was said first. */
export interface Saying {
  readonly eventId: EventId;
  /** Event time, ms since 1970 UTC; only its day where not the first but the last saying decides (`latest`). */
  readonly at: number;
  /** The lesser one of both ends' strengths: 2 a login or a system of record, 1 declared, 0 observed or derived. */
  readonly strength: number;
  /** Snapshot row whose newest version says it (R7): `<source>/<ref>`. */
  readonly record?: string;
}

/** A link between two identifiers of one profile. */
export interface HeldLink {
  readonly from: NamedRef;
  readonly to: NamedRef;
  /** True for a link that joined two groups, false for one that says the same again. */
  readonly joins: boolean;
  /** R6 for evidence, R8 for an operator's order. */
  readonly rule: 'R6' | 'R8';
  /** 1: both ends name or reach a person. 2: a device or a repaired value is an end. Absent for orders. */
  readonly tier?: 1 | 2;
  /** Everything said of the two, the one that decided first; empty for orders. */
  readonly sayings: readonly Saying[];
  /** Order of an operator that made it. */
  readonly order?: EventId;
}

/** A link that somebody proposed and the rules refused. */
export interface RefusedLink {
  /** An identifier of the profile. */
  readonly from: NamedRef;
  readonly to: NamedRef;
  /** Profile that holds `to`; absent where none does. */
  readonly otherProfile?: ProfileId;
  readonly reason:
    'LIMIT' | 'WEAK_BRIDGE' | 'SHARED' | 'CANNOT_LINK' | 'MAX_SIZE' | 'QUARANTINED' | 'BLOCKED';
  readonly rule: string;
  /** LIMIT: of which namespace a person has no more than so many. */
  readonly namespace?: string;
  readonly limit?: number;
  readonly saying: Saying;
}

/** An operator's order about an identifier of the profile. */
export interface ExplainedOrder {
  readonly commandId: EventId;
  readonly kind: Exclude<Command['kind'], 'undo'>;
  readonly refs: readonly NamedRef[];
  readonly actor: string;
  readonly reason: string;
  /** Position in the log, decimal. */
  readonly position: string;
  readonly undone: boolean;
}

/** Why a profile is what it is. Refs only: no personal data. */
export interface Explanation {
  readonly profileId: ProfileId;
  readonly identifiers: readonly ExplainedIdentifier[];
  /** In the order in which the rules took them. */
  readonly links: readonly HeldLink[];
  readonly refused: readonly RefusedLink[];
  /** In log order. */
  readonly orders: readonly ExplainedOrder[];
}

/** What would have to be undone to part two identifiers: all of it, and no part of it is enough. */
export interface Undoing {
  /** Links of which no saying may stand. */
  readonly links: readonly HeldLink[];
  /** Orders to be taken back. */
  readonly orders: readonly EventId[];
}

/** Why two identifiers are one person's, or are not. */
export type Relation =
  | {
      readonly outcome: 'together';
      /** Links from the first to the second, fewest possible; empty where both are the same identifier. */
      readonly path: readonly HeldLink[];
      readonly undoing: Undoing;
    }
  /** Something links their profiles, and the rules refused it. */
  | { readonly outcome: 'refused'; readonly refused: readonly RefusedLink[] }
  /** No evidence links them. */
  | { readonly outcome: 'strangers' };

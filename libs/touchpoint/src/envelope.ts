import type { EventId, Ref, SourceName, Workspace } from '#kernel';

/** The six calls of the Segment wire format, plus `group` and `alias`: what a touchpoint is. */
export type TouchpointKind = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

/**
 * What stands in an envelope: a call of the wire format; `webhook`, an item as a vendor sent it, whose kind the mapping
 * in force tells when it is read; `derived`, identifiers that a newer mapping found in an earlier webhook item.
 */
export type EnvelopeKind = TouchpointKind | 'webhook' | 'derived';

/** How sure an identifier is: 2 from a system of record or a login, 1 declared, 0 observed or derived. */
export type Strength = 0 | 1 | 2;

/** An identifier as the log shows it: its name space and its ref, never its value. */
export interface EnvelopeRef {
  readonly ns: string;
  readonly ref: Ref;
  readonly strength: Strength;
  /** Present and true on a guess at what was meant: no evidence of anything until it is confirmed. */
  readonly derived?: true;
}

/**
 * The part of a touchpoint that stands in the clear in the log (design §5). Holds no personal data and nothing
 * computed from it. The namespace `event` marks the ref of an unattributed touchpoint's own key: no identifier.
 */
export interface Envelope {
  readonly eventId: EventId;
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly kind: EnvelopeKind;
  /** Version of the payload's schema for this kind; upcasters bring older ones forward. */
  readonly schema: number;
  /** When the collector got it, ms since 1970 UTC. */
  readonly receivedAt: number;
  /** When it happened by the corrected clock of its sender, ms since 1970 UTC; never later than `receivedAt`. */
  readonly at: number;
  /** Index in the batch that brought it: four calls can share a millisecond. */
  readonly index: number;
  /** Version of the identity rules in force at ingest: fixes what the anchor is. */
  readonly rules: number;
  /** How the body is sealed: `xc1` is XChaCha20-Poly1305 over UTF-8 JSON, 24-byte nonce in front. */
  readonly alg: 'xc1';
  /** In extraction order. */
  readonly refs: readonly EnvelopeRef[];
  /** Evidence key of a snapshot's row (`context.temas.recordId` of a server source), as a ref. */
  readonly recordRef?: Ref;
}

/** What is sealed under the anchor's key: the canonical value of each ref, in the same order, and the payload. */
export interface SealedBody {
  readonly ids: readonly string[];
  readonly payload: Payload;
  /** Where guessed identifiers come from; absent where there is none. */
  readonly derivations?: readonly SealedDerivation[];
  /** Trust of the write key that brought it; absent for `client`. A later change of the source does not reach it. */
  readonly trust?: 'server';
}

/** A {@link Derivation} as it is sealed: places in `ids`. */
export interface SealedDerivation {
  /** Place of the guess. */
  readonly of: number;
  /** Place of what was typed, or of the anchor where that is no identifier. */
  readonly from: number;
  /** False where the anchor stands for what was typed. */
  readonly typed: boolean;
  readonly outcome: 'correction' | 'suggestion';
  readonly ruleId: string;
  readonly rulesetVersion: number;
  readonly confidence: number;
}

/** A touchpoint's content as it came, without the write key, with times kept as they were sent. */
export interface Payload {
  readonly type: EnvelopeKind;
  readonly event?: string;
  readonly name?: string;
  readonly category?: string;
  readonly messageId?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly previousId?: string;
  readonly groupId?: string;
  readonly channel?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly integrations?: unknown;
  /** Times as the sender wrote them, unparsed. */
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
  /** What the collector noticed (`timestamp_in_future`, `anchor_blocked`, …). */
  readonly flags?: readonly string[];
  /** Any further top-level key of the item. */
  readonly [key: string]: unknown;
}

/** Name of the touchpoint event in the log. */
export const TOUCHPOINT_TYPE = 'Touchpoint';

/** Name of the event that tells identifiers found later in an earlier webhook item. */
export const IDENTIFIER_DERIVED_TYPE = 'IdentifierDerived';

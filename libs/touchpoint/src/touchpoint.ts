import type { SourceName, Trust, Workspace } from '#kernel';
import type { EnvelopeKind, Payload, Strength, TouchpointKind } from './envelope.ts';

/** What operators configure of reading identifiers. */
export interface IdentifierReading {
  /** Country of phone numbers without a code, ISO 3166-1 alpha-2; Türkiye if absent. */
  readonly country?: string;
  /** True where the workspace has a purpose and a legal basis for national ids; else they are never identifiers. */
  readonly nationalIds?: boolean;
}

/** How an item came: what the collector knows beside the item itself. */
export interface Arrival {
  readonly workspace: Workspace;
  readonly source: SourceName;
  /** Trust of the write key: `server` sources speak with strength 2 and may name a record. */
  readonly trust: Trust;
  /** When the request arrived, integer ms since 1970 UTC. */
  readonly receivedAt: number;
  /** Index of the item in its batch, 0 for a single call. */
  readonly index: number;
  /** Kind that the path names; absent for a batch, where each item's `type` decides. */
  readonly call?: TouchpointKind;
  /** Fields of the batch that its items inherit; the item's own win. */
  readonly batch?: {
    readonly sentAt?: unknown;
    readonly context?: object;
    readonly integrations?: unknown;
  };
  /** True for imports: an item with a bad or future time is refused instead of flagged. */
  readonly strict: boolean;
  /**
   * Upper bound of the item's UTF-8 JSON bytes with what it inherits, such as the length of the whole request.
   * Spares the exact measurement of large items; the answer is the same without it.
   */
  readonly bytes?: number;
  /** Largest item in bytes; {@link ITEM_BYTES_LIMIT} if absent. Vendors' webhooks are larger than calls of SDKs. */
  readonly bytesLimit?: number;
  /** What is configured of reading identifiers; the defaults if absent. */
  readonly reading?: IdentifierReading;
  /** True where an item that names nobody is kept, in nobody's profile: no vendor sends its webhook again for us. */
  readonly keepUnnamed?: boolean;
}

/** Something wrong with one item. Never holds a value that the item brought: it may be personal data. */
export interface ItemError {
  /** Index of the item in its batch. */
  readonly index: number;
  /** Stable, lower case: `no_identifier`, `timestamp_in_future`, … */
  readonly code: string;
  /** Path of the field inside the item; empty for the item as a whole. */
  readonly field: string;
  /** For a developer's eyes: the field, what is wrong with it and the limit. */
  readonly message: string;
  /** The limit that was passed, in the unit that `message` names. */
  readonly limit?: number;
}

/** Something noticed about an item that was accepted. */
export type ItemWarning = ItemError;

/** An identifier that a touchpoint names: canonical value, not blocked. */
export interface Identifier {
  readonly namespace: string;
  /** Canonical value. Personal data: never logged. */
  readonly value: string;
  readonly strength: Strength;
  /** Present on a guess at what was meant: see {@link Derivation}. */
  readonly derived?: Derivation;
}

/**
 * Where a guessed identifier comes from. It links nothing and reaches nobody until somebody confirms it: a guess can
 * belong to a stranger.
 */
export interface Derivation {
  /** Index of the identifier that was typed; `-1` where what was typed is none: the guess is told of the anchor. */
  readonly from: number;
  /** `correction`: by a curated rule. `suggestion`: merely near, for people to judge. */
  readonly outcome: 'correction' | 'suggestion';
  readonly ruleId: string;
  readonly rulesetVersion: number;
  /** From 0 to 1, an author's estimate. */
  readonly confidence: number;
}

/** An accepted item, ready to be given refs and sealed. */
export interface Touchpoint {
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly kind: EnvelopeKind;
  /** Integer ms since 1970 UTC. */
  readonly receivedAt: number;
  /** Event time by the corrected clock (design §7), integer ms since 1970 UTC; never later than `receivedAt`. */
  readonly at: number;
  readonly index: number;
  /** Distinct, in extraction order. */
  readonly identifiers: readonly Identifier[];
  /** Index of the anchor in `identifiers`; `-1`: unattributed. */
  readonly anchor: number;
  /** `context.temas.recordId` of a `server` source: evidence key of a snapshot's row. */
  readonly recordId?: string;
  /**
   * What the event id is derived from: the client's messageId, else a text made of content and index, longer than
   * any messageId. `undefined` for an item with neither messageId nor time: its id is to be minted.
   */
  readonly messageKey: string | undefined;
  readonly payload: Payload;
}

/** The item is a touchpoint. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly touchpoint: Touchpoint;
  readonly warnings: readonly ItemWarning[];
}

/** The item is none, and will be none when sent again. */
export interface Refused {
  readonly outcome: 'refused';
  readonly error: ItemError;
}

/** An `ItemError` before it is known which item it belongs to. */
export type Fault = Omit<ItemError, 'index'>;

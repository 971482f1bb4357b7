import type { Ref, Workspace } from '#kernel';
import type { KeyRemains } from './key-remains.ts';

/** One identifier as a touchpoint names it, after normalisation. */
export interface IdentifierValue {
  readonly namespace: string;
  /** Canonical value. Personal data: never logged, never a part of a file name. */
  readonly value: string;
}

/** What the collector asks of the key store for one touchpoint. */
export interface ResolveRequest {
  readonly workspace: Workspace;
  readonly identifiers: readonly IdentifierValue[];
  /** Index of the anchor in `identifiers`; `-1`: unattributed, gets a ref and a key of its own event. */
  readonly anchor: number;
}

/** Answer for one touchpoint, in the order of its identifiers. */
export type Resolution =
  | {
      readonly outcome: 'resolved';
      /** `null` where the identifier is suppressed and must be stripped with its value. */
      readonly refs: readonly (Ref | null)[];
      readonly anchorRef: Ref;
      /** 32-byte key of the anchor, durable before this is answered. Shared buffer: never written to. */
      readonly key: Buffer;
    }
  /** The anchor itself is suppressed (erased person): the touchpoint is refused. */
  | { readonly outcome: 'suppressed' };

/** An identifier to be erased, as refs and optionally as a value to suppress from now on. */
export interface EraseRequest {
  readonly workspace: Workspace;
  /** Refs whose keys and hash → ref rows are destroyed. */
  readonly refs: readonly Ref[];
  /** Of these, the refs whose keyed hashes go on the suppression list. */
  readonly suppress: readonly Ref[];
}

/** What an erasure destroyed. */
export interface EraseReport {
  /** Anchor keys destroyed. */
  readonly keys: number;
  /** hash → ref rows destroyed. */
  readonly identifiers: number;
  /** Bucket keys replaced; the old ones are overwritten on disk. */
  readonly buckets: number;
}

/**
 * References, keys and suppression (design §5): all that is neither in the log nor derivable from it. Every
 * adapter passes `keyStoreContract`.
 */
export interface KeyStore {
  /**
   * For each touchpoint: the ref of each identifier, minted where it is new, and the anchor's key. Suppression
   * check and get-or-create are one transaction; everything minted is durable before the answer.
   */
  resolve(requests: readonly ResolveRequest[]): Promise<readonly Resolution[]>;

  /** Ref of an identifier if it has one; never mints. `suppressed` if it is on the list. */
  find(workspace: Workspace, identifier: IdentifierValue): Promise<Ref | 'suppressed' | undefined>;

  /** Keys of anchors, in order; `null` where there is none or it was destroyed. */
  keysOf(refs: readonly Ref[]): Promise<readonly (Buffer | null)[]>;

  /** Destroys keys and references for good and suppresses what is asked. Idempotent; finished at start-up if cut. */
  erase(request: EraseRequest): Promise<EraseReport>;

  /**
   * What may still hold keys that the newest erasure destroyed, outside what the store overwrites itself; `undefined`
   * where there is nothing, or nothing was erased. Throws `KeyStoreUnavailable`.
   */
  remains(): Promise<KeyRemains | undefined>;

  /** Takes an identifier off the suppression list: a new ref and key are minted when it is next seen. */
  permit(workspace: Workspace, identifier: IdentifierValue): Promise<boolean>;

  /** UUID of a touchpoint from its source's name space and messageId (keyed BLAKE2b, design §4). */
  eventId(workspace: string, source: string, messageId: string): string;

  /** Keyed 16-byte BLAKE2b for look-ups that must not be guessable from outside (API keys, content marks). */
  mark(purpose: string, content: string | Uint8Array): Buffer;

  /**
   * Seals what must be read again but by nobody else: secrets of configuration, tokens that travel in links
   * (XChaCha20-Poly1305 under a key derived from the master key, nonce in front). Nothing is stored.
   */
  seal(purpose: string, plain: Uint8Array): Buffer;

  /** Opens what {@link seal} made under the same purpose; `undefined` for anything else. */
  open(purpose: string, sealed: Uint8Array): Buffer | undefined;

  /** Waits for work under way, then closes. Idempotent. */
  close(): Promise<void>;
}

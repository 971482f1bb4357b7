import type { Ref } from '#kernel';

/** A ref with what it stands for, in the clear: for moving a key store under the same master key. */
export interface HeldRef {
  readonly ref: Ref;
  /** Keyed hash of the identifier; `null` for the ref of an unattributed event. */
  readonly hash: Buffer | null;
  /** Key of the anchor; `null` until the identifier anchors an event. */
  readonly key: Buffer | null;
}

/** All that a key store holds and that does not follow from the master key. Secret. */
export interface HeldKeys {
  readonly refs: readonly HeldRef[];
  /** Keyed hashes of identifiers that are refused. */
  readonly suppressed: readonly Buffer[];
}

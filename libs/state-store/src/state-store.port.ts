/** One row's address: a collection's name (`[a-z0-9.]{1,32}`) and a key inside it, ordered by its UTF-8 bytes. */
export interface StateKey {
  readonly collection: string;
  readonly key: string;
}

/** A row written (`value`) or deleted (`null`). */
export interface StateWrite extends StateKey {
  readonly value: Uint8Array | null;
}

/** Moves a projection's checkpoint, compare-and-set: `expected` is what the writer believes stands there. */
export interface CheckpointMove {
  readonly name: string;
  readonly expected: bigint;
  readonly next: bigint;
}

/** A range of keys inside one collection, in key order. */
export interface ScanRange {
  readonly collection: string;
  /** Inclusive lower bound. */
  readonly gte?: string;
  /** Exclusive upper bound. */
  readonly lt?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** How a commit ended; `conflict` wrote nothing: another runner has moved the checkpoint. */
export type CommitResult =
  | { readonly outcome: 'committed' }
  | { readonly outcome: 'conflict'; readonly name: string; readonly actual: bigint };

/**
 * Ordered key–value collections with atomic batches and checkpoints (design §3). Holds nothing that the log and
 * the key store lack: deleting it is always safe. One process opens it at a time. Every adapter passes
 * `stateStoreContract`.
 */
export interface StateStore {
  /** UUID minted when the store was created; tables built from it carry the same one, a mismatch means rebuild. */
  readonly epoch: string;

  /** Values in the order of the keys; `null` where there is no row. */
  read(keys: readonly StateKey[]): Promise<(Buffer | null)[]>;

  /** Rows of a range in key order, as of some moment after the call. */
  scan(range: ScanRange): AsyncIterable<{ readonly key: string; readonly value: Buffer }>;

  /** Applies all writes and checkpoint moves, or none. Survives a kill of the process once answered. */
  commit(writes: readonly StateWrite[], checkpoints?: readonly CheckpointMove[]): Promise<CommitResult>;

  /** Where a checkpoint stands; `0n` if it was never moved. */
  checkpoint(name: string): Promise<bigint>;

  /** Everything committed so far also survives a loss of power once this is answered. */
  sync(): Promise<void>;

  /** Waits for work under way, then closes. Idempotent. */
  close(): Promise<void>;
}

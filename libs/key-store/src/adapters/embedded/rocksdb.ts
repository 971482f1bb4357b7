import { createRequire } from 'node:module';

/** The part of `rocksdb-native` (no types of its own) that the index uses. Buffers given are kept until the flush. */
export interface Rocks {
  ready(): Promise<void>;
  read(): RocksReadBatch;
  write(): RocksWriteBatch;
  /** Writes the memory tables as synced files; the write-ahead log before them is dropped. */
  flush(): Promise<void>;
  /** Rewrites all files. `compactRange` ignores the option: it may move a file as it is, deletions listed. */
  compact(options: { bottommostLevelCompaction: number }): Promise<void>;
  iterator(
    range: { gte: Buffer; lte: Buffer },
    options: { capacity: number },
  ): AsyncIterable<{ key: Buffer; value: Buffer }>;
  close(): Promise<void>;
}

/** Gets that are read in one call to a worker thread. */
export interface RocksReadBatch {
  get(key: Buffer): Promise<Buffer | null>;
  flush(): Promise<void>;
  destroy(): void;
}

/** Writes that are applied all or none, in their order. */
export interface RocksWriteBatch {
  tryPut(key: Buffer, value: Buffer): void;
  tryDelete(key: Buffer): void;
  tryDeleteRange(start: Buffer, end: Buffer): void;
  flush(): Promise<void>;
  destroy(): void;
}

/** The lowest level is rewritten too, so that no list of deletions is left. */
export const FORCE_BOTTOMMOST = 2;

/** `rocksdb-native`'s database class. */
export const RocksDB = createRequire(import.meta.url)('rocksdb-native') as new (
  path: string,
  options: { writeBufferSize: number },
) => Rocks;

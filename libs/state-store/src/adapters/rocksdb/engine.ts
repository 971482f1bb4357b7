import { createRequire } from 'node:module';
import { EngineMissing } from '../../errors.ts';
import { reasonsOf } from './reasons.ts';

/** Several gets in one task of the engine. `autoDestroy` must be set: an undestroyed batch blocks `close`. */
export interface ReadBatch {
  get(key: Uint8Array): Promise<Buffer | null>;
  tryFlush(): void;
}

/** Several writes, applied all or none. Keys and values are read until `flush` answers. */
export interface WriteBatch {
  tryPut(key: Uint8Array, value: Uint8Array): void;
  tryDelete(key: Uint8Array): void;
  flush(): Promise<void>;
}

/** A stream over one engine iterator, which sees the store as it was when it was opened. */
export interface EngineIterator extends AsyncIterable<{ key: Buffer; value: Buffer }> {
  destroy(error: Error): void;
}

/** The part of `rocksdb-native` that the adapter uses; the package ships no types. */
export interface Engine {
  ready(): Promise<void>;
  read(options: { capacity: number; autoDestroy: true }): ReadBatch;
  write(options: { capacity: number; autoDestroy: true }): WriteBatch;
  iterator(range: {
    gte: Uint8Array;
    lt: Uint8Array;
    limit: number | undefined;
    reverse: boolean | undefined;
    /** Rows fetched by one task of the engine. */
    capacity: number;
  }): EngineIterator;
  close(): Promise<void>;
}

/** Options of `rocksdb-native` that the adapter sets. */
export interface EngineOptions {
  readonly maxBackgroundJobs: number;
  readonly maxOpenFiles: number;
  /** Bytes of one memtable, and so roughly of one write-ahead log. */
  readonly writeBufferSize: number;
  readonly maxWriteBufferNumber: number;
  readonly tableBlockSize: number;
  readonly optimizeFiltersForMemory: boolean;
}

/** Constructor that `rocksdb-native` exports. */
export type EngineClass = new (path: string, options: EngineOptions) => Engine;

/**
 * Loads the native engine on first use, so that a process that never opens a store needs none. Throws
 * `EngineMissing` with what to install.
 */
export function loadEngine(load: (name: string) => unknown = createRequire(import.meta.url)): EngineClass {
  try {
    return load('rocksdb-native') as EngineClass;
  } catch (cause) {
    const reason = reasonsOf(cause);
    const advice = reason.includes('libatomic')
      ? 'install libatomic (Debian, Ubuntu: apt-get install libatomic1; Fedora: dnf install libatomic)'
      : `there is no working rocksdb-native for ${process.platform}-${process.arch}: reinstall the dependencies on this machine`;
    throw new EngineMissing(`RocksDB cannot be loaded; ${advice}. The loader said: ${reason}`, { cause });
  }
}

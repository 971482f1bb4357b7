import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StoreClosed, StoreFailed, StoreInUse } from '../../errors.ts';
import type {
  CheckpointMove,
  CommitResult,
  ScanRange,
  StateKey,
  StateStore,
  StateWrite,
} from '../../state-store.port.ts';
import { loadEngine, type Engine, type EngineIterator, type EngineOptions } from './engine.ts';
import { bounds, checkpointKey, EPOCH_KEY, logicalKey, rowKey } from '../../physical-key.ts';
import { reasonsOf } from './reasons.ts';
import { syncFolder, syncLogs } from './sync-logs.ts';

const OPTIONS: EngineOptions = {
  // One job flushes and one compacts: more would take both cores of a small machine from the runner.
  maxBackgroundJobs: 2,
  // Table files are 64 MB: 512 open ones cover 32 GB, below the usual limit of 1,024 descriptors a process.
  maxOpenFiles: 512,
  // Up to 3 × 32 MB of memtables; a third one keeps commits going while two are being written out.
  writeBufferSize: 32 * 1024 * 1024,
  maxWriteBufferNumber: 3,
  // A random read takes a whole block from disk; rows are a few hundred bytes.
  tableBlockSize: 4096,
  optimizeFiltersForMemory: true,
};

/** Rows a scan fetches at once. */
const SCAN_ROWS = 256;

/** Where the RocksDB store lies. */
export interface RocksStateStoreOptions {
  /** Folder of its own, created if missing. */
  readonly path: string;
}

/**
 * Opens, or creates, the embedded state store.
 *
 * Throws `EngineMissing` (nothing to run on), `StoreInUse` (held by another process) and `StoreFailed`.
 */
export async function openRocksStateStore({ path }: RocksStateStoreOptions): Promise<StateStore> {
  const RocksDB = loadEngine();
  const folder = resolve(path);
  // The engine never answers for a folder that it cannot create.
  await mkdir(folder, { recursive: true }).catch(cannotOpen(folder));
  const db = new RocksDB(folder, OPTIONS);
  await db.ready().catch(cannotOpen(folder));
  try {
    const [found] = await readAll(db, [EPOCH_KEY]);
    return new RocksStateStore(folder, db, found?.toString() ?? (await mintEpoch(db, folder)));
  } catch (cause) {
    await db.close();
    return cannotOpen(folder)(cause);
  }
}

function cannotOpen(folder: string): (cause: unknown) => never {
  return (cause) => {
    const reason = reasonsOf(cause);
    if (reason.includes('/LOCK:')) throw new StoreInUse(folder, { cause });
    throw new StoreFailed(`the state store in ${folder} cannot be opened: ${reason}`, { cause });
  };
}

class RocksStateStore implements StateStore {
  /** Checkpoints as they stand; set by commits alone, which go one at a time, so never behind the engine. */
  readonly #checkpoints = new Map<string, bigint>();
  readonly #scans = new Set<EngineIterator>();
  #lastCommit: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly db: Engine,
    readonly epoch: string,
  ) {}

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    this.#assertOpen();
    if (keys.length === 0) return [];
    const physical = keys.map(({ collection, key }) => rowKey(collection, key));
    return readAll(this.db, physical).catch(failed('read'));
  }

  async *scan(range: ScanRange): AsyncGenerator<{ key: string; value: Buffer }> {
    this.#assertOpen();
    const { limit, reverse, collection } = range;
    const rows = this.db.iterator({ ...bounds(range), limit, reverse, capacity: SCAN_ROWS });
    this.#scans.add(rows);
    try {
      for await (const { key, value } of rows) yield { key: logicalKey(collection, key), value };
    } catch (cause) {
      failed('scan')(cause);
    } finally {
      this.#scans.delete(rows);
    }
  }

  async commit(
    writes: readonly StateWrite[],
    checkpoints: readonly CheckpointMove[] = [],
  ): Promise<CommitResult> {
    this.#assertOpen();
    const physical = writes.map(({ collection, key }) => rowKey(collection, key));
    const done = this.#lastCommit.then(() => this.#apply(physical, writes, checkpoints));
    this.#lastCommit = done.catch(() => undefined);
    return done;
  }

  async #apply(
    physical: readonly Buffer[],
    writes: readonly StateWrite[],
    checkpoints: readonly CheckpointMove[],
  ): Promise<CommitResult> {
    const moved = new Map<string, bigint>();
    for (const { name, expected, next } of checkpoints) {
      const actual = moved.get(name) ?? (await this.#standing(name));
      if (actual !== expected) return { outcome: 'conflict', name, actual };
      moved.set(name, next);
    }
    const marks = [...moved].map(([name, next]) => ({ key: checkpointKey(name), value: encodeMark(next) }));
    const capacity = writes.length + marks.length;
    if (capacity === 0) return { outcome: 'committed' };

    const batch = this.db.write({ capacity, autoDestroy: true });
    writes.forEach(({ value }, i) => {
      const key = physical[i] as Buffer;
      if (value === null) batch.tryDelete(key);
      else batch.tryPut(key, value);
    });
    for (const { key, value } of marks) batch.tryPut(key, value);
    try {
      await batch.flush();
    } catch (cause) {
      this.#checkpoints.clear();
      failed('commit')(cause);
    }
    for (const [name, next] of moved) this.#checkpoints.set(name, next);
    return { outcome: 'committed' };
  }

  async checkpoint(name: string): Promise<bigint> {
    this.#assertOpen();
    return this.#standing(name);
  }

  async #standing(name: string): Promise<bigint> {
    const held = this.#checkpoints.get(name);
    if (held !== undefined) return held;
    const [mark] = await readAll(this.db, [checkpointKey(name)]).catch(failed('read'));
    return mark ? mark.readBigUInt64BE() : 0n;
  }

  async sync(): Promise<void> {
    this.#assertOpen();
    await syncLogs(this.folder).catch(failed('sync'));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#lastCommit;
    // An abandoned iterator would keep the engine open for ever; a live consumer is told, not left with half.
    for (const rows of this.#scans) rows.destroy(new StoreClosed());
    await this.db.close().catch(failed('close'));
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreClosed();
  }
}

function readAll(db: Engine, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
  const batch = db.read({ capacity: keys.length, autoDestroy: true });
  const values = keys.map((key) => batch.get(key));
  batch.tryFlush();
  return Promise.all(values);
}

async function mintEpoch(db: Engine, folder: string): Promise<string> {
  const epoch = randomUUID();
  const batch = db.write({ capacity: 1, autoDestroy: true });
  batch.tryPut(EPOCH_KEY, Buffer.from(epoch));
  await batch.flush();
  await syncLogs(folder);
  await syncFolder(dirname(folder));
  return epoch;
}

function encodeMark(position: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(position);
  return bytes;
}

function failed(step: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof StoreClosed) throw cause;
    throw new StoreFailed(`the state store failed to ${step}: ${reasonsOf(cause)}`, { cause });
  };
}

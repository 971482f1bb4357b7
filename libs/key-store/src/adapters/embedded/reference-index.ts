import { messageOf } from '#kernel';
import { KeyStoreInUse } from '../../errors.ts';
import { indexKeys, readIndexRecord, writeIndexRecord, type IndexRecord } from './index-rows.ts';
import { FORCE_BOTTOMMOST, RocksDB, type Rocks, type RocksWriteBatch } from './rocksdb.ts';
import type { NumberedRow } from './mint-log.ts';
import { refRange } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';
import { SharedTurn } from './shared-turn.ts';

/** What the index knows of an identifier's hash. */
export type HashState = { readonly ref: Buffer } | 'suppressed' | undefined;

/** Opens the hash of a record; `undefined` if its bucket key is gone and the record with it. */
export type HashOf = (record: SealedRecord) => { readonly hash: Buffer | null } | undefined;

// One row, empty: the hash may not come back.
const SUPPRESSED = Buffer.alloc(0);
const WRITE_BUFFER_BYTES = 32 * 1024 * 1024;
const SCAN_ROWS = 1024;
// Small batches go to several workers, and the next one is prepared while the first is read.
const READ_KEYS = 128;

/**
 * The mint log as look-up tables in RocksDB: hash → ref or suppressed, ref → record. Written without a sync and
 * replayed from the log; the number of the last row applied is part of every batch. May be deleted.
 */
export class ReferenceIndex {
  readonly #turn = new SharedTurn();

  private constructor(
    private readonly path: string,
    private db: Rocks,
  ) {}

  /** Opens the index, which also keeps every other process out. Throws `KeyStoreInUse`. */
  static async open(path: string): Promise<ReferenceIndex> {
    return new ReferenceIndex(path, await openRocks(path));
  }

  /** Number of the last row applied of the store with this id; `undefined` if the index is another store's. */
  async applied(storeId: string): Promise<number | undefined> {
    const [row] = await this.#get([indexKeys.applied]);
    if (!row) return 0;
    return row.toString('latin1', 4) === storeId ? row.readUInt32BE(0) : undefined;
  }

  /** States of hashes, in order. */
  async lookUp(hashes: readonly Buffer[]): Promise<HashState[]> {
    const rows = await this.#get(hashes.map(indexKeys.hash));
    return rows.map((row) => (row === null ? undefined : row.length === 0 ? 'suppressed' : { ref: row }));
  }

  /** Records of refs, in order; `undefined` where there is none. */
  async records(refs: readonly Buffer[]): Promise<(IndexRecord | undefined)[]> {
    const rows = await this.#get(refs.map(indexKeys.ref));
    return rows.map((row, i) => (row === null ? undefined : readIndexRecord(refs[i] as Buffer, row)));
  }

  /** All records of a bucket. */
  async bucket(bucket: number): Promise<IndexRecord[]> {
    const { first, last } = refRange(bucket);
    const range = { gte: indexKeys.ref(first), lte: indexKeys.ref(last) };
    return this.#turn.shared(async () => {
      const records: IndexRecord[] = [];
      for await (const { key, value } of this.db.iterator(range, { capacity: SCAN_ROWS })) {
        records.push(readIndexRecord(key.subarray(1), value));
      }
      return records;
    });
  }

  /** Applies new records as one batch; the caller knows their hashes. */
  async applyMint(storeId: string, number: number, placed: readonly IndexRecord[]): Promise<void> {
    await this.#write(storeId, number, (batch) => putRecords(batch, placed));
  }

  /** Applies rows as one batch. `hashOf` opens the records that it is told of for the first time. */
  async apply(storeId: string, rows: readonly NumberedRow[], hashOf: HashOf): Promise<void> {
    const last = rows.at(-1);
    if (last === undefined) return;
    const dead: IndexRecord[] = [];
    for (const { row } of rows) {
      if (row.kind !== 'rewrap') continue;
      const alive = new Set(row.records.map((record) => record.ref.toString('latin1')));
      for (const held of await this.bucket(row.bucket)) {
        if (!alive.has(held.record.ref.toString('latin1'))) dead.push(held);
      }
    }
    await this.#write(storeId, last.number, (batch) => {
      for (const { record, hash } of dead) {
        batch.tryDelete(indexKeys.ref(record.ref));
        if (hash !== null) batch.tryDelete(indexKeys.hash(hash));
      }
      for (const { row } of rows) {
        if (row.kind === 'suppress') {
          for (const hash of row.hashes) batch.tryPut(indexKeys.hash(hash), SUPPRESSED);
        } else if (row.kind === 'permit') {
          for (const hash of row.hashes) batch.tryDelete(indexKeys.hash(hash));
        } else {
          putRecords(batch, place(row.records, hashOf));
        }
      }
    });
  }

  /**
   * Rewrites all files without what was deleted, and drops the write-ahead log. Always the whole index: the hashes
   * of one person lie in most files anyway, and RocksDB writes the bounds of a range into its text log. Reopened at
   * the end: RocksDB's manifest goes on naming the first and last key of files that are gone, and only an opening
   * writes a new one. Look-ups wait meanwhile.
   */
  async purge(): Promise<void> {
    await this.#turn.alone(async () => {
      await this.db.flush();
      await this.db.compact({ bottommostLevelCompaction: FORCE_BOTTOMMOST });
      await this.db.close();
      this.db = await openRocks(this.path);
    });
  }

  /** Removes every row from all files. */
  async clear(): Promise<void> {
    await this.#turn.shared(async () => {
      const batch = this.db.write();
      batch.tryDeleteRange(indexKeys.first, indexKeys.last);
      await batch.flush();
      batch.destroy();
    });
    await this.purge();
  }

  /** Closes the index. */
  async close(): Promise<void> {
    await this.#turn.alone(() => this.db.close());
  }

  async #get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return this.#turn.shared(async () => {
      const parts: Promise<(Buffer | null)[]>[] = [];
      for (let at = 0; at < keys.length; at += READ_KEYS) {
        parts.push(this.#getBatch(keys.slice(at, at + READ_KEYS)));
      }
      return (await Promise.all(parts)).flat();
    });
  }

  async #getBatch(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    const batch = this.db.read();
    const rows = Promise.all(keys.map((key) => batch.get(key)));
    // Both are awaited: a failed batch rejects the gets and the flush.
    const [found] = await Promise.all([rows, batch.flush()]);
    batch.destroy();
    return found;
  }

  async #write(storeId: string, number: number, fill: (batch: RocksWriteBatch) => void): Promise<void> {
    const applied = Buffer.alloc(4 + storeId.length);
    applied.writeUInt32BE(number, 0);
    applied.write(storeId, 4, 'latin1');
    await this.#turn.shared(async () => {
      const batch = this.db.write();
      fill(batch);
      batch.tryPut(indexKeys.applied, applied);
      await batch.flush();
      batch.destroy();
    });
  }
}

async function openRocks(path: string): Promise<Rocks> {
  const db = new RocksDB(path, { writeBufferSize: WRITE_BUFFER_BYTES });
  try {
    await db.ready();
  } catch (error) {
    throw /lock/i.test(messageOf(error)) ? new KeyStoreInUse({ cause: error }) : error;
  }
  return db;
}

function putRecords(batch: RocksWriteBatch, placed: readonly IndexRecord[]): void {
  for (const { record, hash } of placed) {
    batch.tryPut(indexKeys.ref(record.ref), writeIndexRecord(record, hash));
    if (hash !== null) batch.tryPut(indexKeys.hash(hash), record.ref);
  }
}

function place(records: readonly SealedRecord[], hashOf: HashOf): IndexRecord[] {
  const placed: IndexRecord[] = [];
  for (const record of records) {
    const opened = hashOf(record);
    if (opened !== undefined) placed.push({ record, hash: opened.hash });
  }
  return placed;
}

import { randomUUID } from 'node:crypto';
import { open, type Database, type RootDatabase } from 'lmdb';
import { KeyStoreCorrupt } from '../../errors.ts';
import { decodeRow, encodeRow, type MintRow } from './mint-row.ts';

/** A row with its place in the log, from 1; places of replaced rows stay empty. */
export interface NumberedRow {
  readonly number: number;
  readonly row: MintRow;
}

interface LastRewrap {
  readonly number: number;
  readonly generation: number;
}

/**
 * The authority of the store: rows in the order they became durable, in LMDB, synced before an append is
 * answered. A bucket's rewrap replaces its previous one, so erasures do not make the log grow for ever.
 */
export class MintLog {
  /** Number of the last row; 0 for an empty log. */
  last: number;

  private constructor(
    private readonly env: RootDatabase<Buffer, string>,
    private readonly rows: Database<Buffer, number>,
    private readonly rewraps: Database<Buffer, number>,
  ) {
    this.last = 0;
    for (const number of rows.getKeys({ reverse: true, limit: 1 })) this.last = number;
  }

  /** Opens or creates the log in a folder. */
  static open(path: string): MintLog {
    // Without overlapping sync a put resolves after the fsync.
    const env = open<Buffer, string>({
      path,
      noSubdir: false,
      overlappingSync: false,
      maxDbs: 3,
      encoding: 'binary',
    });
    const rows = env.openDB<Buffer, number>({ name: 'rows', encoding: 'binary', keyEncoding: 'uint32' });
    const rewraps = env.openDB<Buffer, number>({
      name: 'rewraps',
      encoding: 'binary',
      keyEncoding: 'uint32',
    });
    return new MintLog(env, rows, rewraps);
  }

  /** Id and master-key check of the store; `undefined` until `found`. */
  identity(): { readonly id: string; readonly check: Buffer } | undefined {
    const id = this.env.get('id');
    const check = this.env.get('check');
    return id && check ? { id: id.toString('latin1'), check: Buffer.from(check) } : undefined;
  }

  /** Gives the store its id: the last step of a creation. */
  async found(checkOf: (id: string) => Buffer): Promise<string> {
    const id = randomUUID();
    await this.env.transaction(() => {
      void this.env.put('id', Buffer.from(id, 'latin1'));
      void this.env.put('check', checkOf(id));
    });
    return id;
  }

  /** Appends one row and answers its number when it is durable. */
  async append(row: MintRow): Promise<number> {
    const number = this.last + 1;
    await this.rows.put(number, encodeRow(row));
    this.last = number;
    return number;
  }

  /** Appends all rows or none, drops the rewraps they replace, and answers the numbered rows when durable. */
  async appendAll(rows: readonly MintRow[]): Promise<NumberedRow[]> {
    const numbered = rows.map((row, i) => ({ number: this.last + 1 + i, row }));
    await this.env.transaction(() => {
      for (const { number, row } of numbered) {
        void this.rows.put(number, encodeRow(row));
        if (row.kind !== 'rewrap') continue;
        const replaced = this.#lastRewrap(row.bucket);
        if (replaced !== undefined) void this.rows.remove(replaced.number);
        const entry = Buffer.alloc(8);
        entry.writeUInt32BE(number, 0);
        entry.writeUInt32BE(row.generation, 4);
        void this.rewraps.put(row.bucket, entry);
      }
    });
    this.last += rows.length;
    return numbered;
  }

  /** Generation of the key that the bucket's records are sealed under now. */
  generation(bucket: number): number {
    return this.#lastRewrap(bucket)?.generation ?? 1;
  }

  /** Rows after a number, in order. */
  *after(number: number): Iterable<NumberedRow> {
    for (const entry of this.rows.getRange({ start: number + 1 })) {
      yield { number: entry.key, row: decodeRow(Buffer.from(entry.value)) };
    }
  }

  /** Closes the log. */
  async close(): Promise<void> {
    await this.env.close();
  }

  #lastRewrap(bucket: number): LastRewrap | undefined {
    const entry = this.rewraps.get(bucket);
    if (entry === undefined) return undefined;
    if (entry.length !== 8) throw new KeyStoreCorrupt(`the rewrap entry of bucket ${bucket} is damaged`);
    return { number: entry.readUInt32BE(0), generation: entry.readUInt32BE(4) };
  }
}

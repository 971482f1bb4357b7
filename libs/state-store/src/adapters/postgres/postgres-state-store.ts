import { randomUUID } from 'node:crypto';
import { encodeByteaArray, patiently } from '#postgres';
import { Deposed, StoreClosed, StoreFailed } from '../../errors.ts';
import type { LeaseEpoch } from '../../lease.port.ts';
import { rowKey } from '../../physical-key.ts';
import type {
  CheckpointMove,
  CommitResult,
  ScanRange,
  StateKey,
  StateStore,
  StateWrite,
} from '../../state-store.port.ts';
import { planMoves, planRows, type PlannedMoves, type PlannedRows } from './commit-plan.ts';
import { failed, openStateDatabase, type PostgresOptions, type StateDatabase } from './postgres-database.ts';
import { ScanPages, type ScannedRow } from './scan-pages.ts';
import { Snapshot } from './snapshot.ts';
import { createStore, holdLease, rowsTable } from './store-tables.ts';

/** Which store, and who writes. */
export interface PostgresStoreOptions {
  /** Name of the store, `[a-z][a-z0-9_]{0,31}`; created if missing. */
  readonly name: string;
  /** Lease that every commit is fenced by; absent: nothing keeps a second writer out but the checkpoints. */
  readonly lease?: LeaseEpoch;
}

/**
 * Opens, or creates, a state store in PostgreSQL. Throws `StoreUnavailable`, `StoreFailed`, `Deposed`, `BadStoreName`.
 */
export async function openPostgresStateStore(
  options: PostgresOptions & PostgresStoreOptions,
): Promise<StateStore> {
  const tables = await openStateDatabase(options);
  try {
    return await openStoreIn(tables, options, () => tables.database.close());
  } catch (error) {
    await tables.database.close();
    throw error;
  }
}

/** As `openPostgresStateStore`, in a database that is open; `release` is called when the store has closed. */
export async function openStoreIn(
  tables: StateDatabase,
  options: PostgresStoreOptions,
  release: () => Promise<void>,
): Promise<StateStore> {
  const { name, lease } = options;
  const { database, schema } = tables;
  rowsTable(schema, name);
  const epoch = await database
    .transaction(async (session) => {
      await holdLease(session, schema, lease);
      return createStore(session, schema, name);
    })
    .catch(failed('open'));
  return new PostgresStateStore(tables, name, epoch, lease, release);
}

class PostgresStateStore implements StateStore {
  readonly #table: string;
  /** Who commits: a commit sent again under this name and its number is recognised. */
  readonly #writer = randomUUID();
  #commits = 0n;
  #lastCommit: Promise<unknown> = Promise.resolve();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #snapshots = new Set<Snapshot>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly tables: StateDatabase,
    private readonly name: string,
    readonly epoch: string,
    private readonly lease: LeaseEpoch | undefined,
    private readonly release: () => Promise<void>,
  ) {
    this.#table = rowsTable(tables.schema, name);
  }

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    this.#assertOpen();
    if (keys.length === 0) return [];
    const asked = encodeByteaArray(keys.map(({ collection, key }) => rowKey(collection, key)));
    const found = await this.#reading('read', () =>
      this.tables.database.query<[number, Buffer]>(
        `SELECT k.place::int4, t.value FROM unnest($1::bytea[]) WITH ORDINALITY AS k(key, place)
           JOIN ${this.#table} t ON t.key = k.key`,
        [asked],
      ),
    );
    const values = new Array<Buffer | null>(keys.length).fill(null);
    for (const [place, value] of found) values[place - 1] = value;
    return values;
  }

  async *scan(range: ScanRange): AsyncGenerator<ScannedRow> {
    this.#assertOpen();
    const pages = new ScanPages(this.#table, range);
    if (pages.ended) return;
    if (pages.single) {
      yield* this.#unlessClosed(await this.#reading('scan', () => pages.next(this.tables.database)));
      return;
    }
    const snapshot = new Snapshot(this.tables.database);
    this.#snapshots.add(snapshot);
    try {
      do {
        const rows = await this.#reading('scan', () => snapshot.use((session) => pages.next(session)), false);
        // The snapshot goes before the consumer gets the last page, and most scans have one page only.
        if (pages.ended) await snapshot.end();
        yield* this.#unlessClosed(rows);
        this.#assertOpen();
      } while (!pages.ended);
    } finally {
      this.#snapshots.delete(snapshot);
      await snapshot.end();
    }
  }

  async commit(
    writes: readonly StateWrite[],
    checkpoints: readonly CheckpointMove[] = [],
  ): Promise<CommitResult> {
    this.#assertOpen();
    const rows = planRows(writes);
    const moves = planMoves(checkpoints);
    const done = this.#lastCommit.then(() => this.#apply(rows, moves));
    this.#lastCommit = done.catch(() => undefined);
    return done;
  }

  /** Every commit is written through to the disk of the database before it is answered, so there is nothing to do. */
  async sync(): Promise<void> {
    this.#assertOpen();
    await this.#lastCommit;
  }

  async checkpoint(name: string): Promise<bigint> {
    this.#assertOpen();
    const [found] = await this.#reading('read', () =>
      this.tables.database.query<[string]>(
        `SELECT position::text FROM ${this.tables.schema}.state_checkpoints WHERE store = $1 AND name = $2`,
        [this.name, name],
      ),
    );
    return found === undefined ? 0n : BigInt(found[0]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#lastCommit;
    await Promise.allSettled(this.#underWay);
    // An abandoned scan would keep its connection for ever.
    for (const snapshot of this.#snapshots) await snapshot.end();
    await this.release();
  }

  async #apply(rows: PlannedRows, { moves, broken }: PlannedMoves): Promise<CommitResult> {
    const nothing = rows.putKeys.length + rows.dropKeys.length + moves.length === 0;
    if (nothing && this.lease === undefined) return { outcome: 'committed' };
    // A number once used is never used for other rows, also if its outcome stays unknown.
    const number = ++this.#commits;
    const written = broken === undefined ? rows : { putKeys: [], putValues: [], dropKeys: [] };
    const parameters = [
      this.name,
      this.#writer,
      String(number),
      this.lease?.name ?? null,
      this.lease === undefined ? null : String(this.lease.epoch),
      encodeByteaArray(written.putKeys),
      encodeByteaArray(written.putValues),
      encodeByteaArray(written.dropKeys),
      moves.map(({ name }) => name),
      moves.map(({ expected }) => String(expected)),
      // Moves that break each other must move nothing: each one stays where it is believed to be.
      moves.map(({ expected, next }) => String(broken === undefined ? next : expected)),
    ];
    const { database, schema, patienceMs } = this.tables;
    const [refused] = await patiently(patienceMs, () =>
      database.query<[Refusal, string, string]>(
        `SELECT outcome, mark, actual::text FROM ${schema}.state_commit(
           $1, $2, $3, $4, $5, $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::numeric[], $11::numeric[])`,
        parameters,
      ),
    ).catch(failed('commit'));
    if (refused === undefined) return broken ?? { outcome: 'committed' };
    const [outcome, mark, actual] = refused;
    if (outcome === 'conflict') return { outcome, name: mark, actual: BigInt(actual) };
    if (outcome === 'deposed') throw new Deposed(this.lease?.name ?? '', this.lease?.epoch ?? 0n);
    throw new StoreFailed(`the state store ${this.name} was dropped`);
  }

  /** Reads may be repeated while the database restarts; `again: false` for a page of a snapshot that is gone then. */
  #reading<T>(step: string, read: () => Promise<T>, again = true): Promise<T> {
    const patience = again ? this.tables.patienceMs : 0;
    const reading = patiently(patience, read, () => this.#closing !== undefined).catch(failed(step));
    this.#underWay.add(reading);
    const done = (): void => void this.#underWay.delete(reading);
    reading.then(done, done);
    return reading;
  }

  *#unlessClosed(rows: readonly ScannedRow[]): Generator<ScannedRow> {
    for (const row of rows) {
      yield row;
      this.#assertOpen();
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreClosed();
  }
}

type Refusal = 'conflict' | 'deposed' | 'gone';

import type { LeaseEpoch } from '../../lease.port.ts';
import type { StateStore } from '../../state-store.port.ts';
import type { StateStores } from '../../state-stores.port.ts';
import { failed, openStateDatabase, type PostgresOptions, type StateDatabase } from './postgres-database.ts';
import { openStoreIn } from './postgres-state-store.ts';
import { dropStore, holdLease } from './store-tables.ts';

/** Where the stores lie, and who writes. */
export interface PostgresStateStoresOptions extends PostgresOptions {
  /** Lease that every commit, drop and note is fenced by: a deposed process changes nothing. */
  readonly lease?: LeaseEpoch;
}

/** State stores in one schema of PostgreSQL, one a generation. Throws `StoreUnavailable`, `StoreFailed`. */
export async function openPostgresStateStores(options: PostgresStateStoresOptions): Promise<StateStores> {
  return new PostgresStateStores(await openStateDatabase(options), options.lease);
}

const GENERATION = /^v(\d+)$/;

class PostgresStateStores implements StateStores {
  constructor(
    private readonly tables: StateDatabase,
    private readonly lease: LeaseEpoch | undefined,
  ) {}

  open(generation: number): Promise<StateStore> {
    return this.#open(`v${generation}`);
  }

  drop(generation: number): Promise<void> {
    return this.#drop([`v${generation}`]);
  }

  async list(): Promise<readonly number[]> {
    const generations = (await this.#names()).flatMap((name) => GENERATION.exec(name)?.[1] ?? []);
    return generations.map(Number).sort((a, b) => a - b);
  }

  async readCurrent(): Promise<number> {
    const { database, schema } = this.tables;
    const [found] = await database
      .query<[number]>(`SELECT generation FROM ${schema}.state_current`)
      .catch(failed('read'));
    return found?.[0] ?? 1;
  }

  async writeCurrent(generation: number): Promise<void> {
    const { database, schema } = this.tables;
    await database
      .transaction(async (session) => {
        await holdLease(session, schema, this.lease);
        await session.query(
          `INSERT INTO ${schema}.state_current (generation) VALUES ($1)
             ON CONFLICT (only_row) DO UPDATE SET generation = excluded.generation`,
          [generation],
        );
      })
      .catch(failed('write'));
  }

  openScratch(name: string): Promise<StateStore> {
    return this.#open(`plan_${name}`);
  }

  async dropScratch(): Promise<void> {
    const names = (await this.#names()).filter((name) => name.startsWith('plan_'));
    if (names.length > 0) await this.#drop(names);
  }

  close(): Promise<void> {
    return this.tables.database.close();
  }

  #open(name: string): Promise<StateStore> {
    const { lease } = this;
    return openStoreIn(this.tables, { name, ...(lease ? { lease } : {}) }, async () => undefined);
  }

  async #drop(names: readonly string[]): Promise<void> {
    const { database, schema } = this.tables;
    await database
      .transaction(async (session) => {
        await holdLease(session, schema, this.lease);
        for (const name of names) await dropStore(session, schema, name);
      })
      .catch(failed('drop'));
  }

  async #names(): Promise<string[]> {
    const { database, schema } = this.tables;
    const found = await database
      .query<[string]>(`SELECT name FROM ${schema}.state_stores`)
      .catch(failed('read'));
    return found.map(([name]) => name);
  }
}

import { Database, migrate, PostgresUnavailable, schemaName } from '#postgres';
import { messageOf, TemasError } from '#kernel';
import { StoreFailed, StoreUnavailable } from '../../errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** Where the tables of state stores and leases lie. */
export interface PostgresOptions {
  /** `postgres://…`; TLS as its `sslmode` says. */
  readonly url: string;
  /** Schema of the tables, created if missing; `temas` by default. */
  readonly schema?: string;
  /** Shown in `pg_stat_activity`; `temas` by default. */
  readonly applicationName?: string;
  /** Connections at most; 8 by default: one commits; a long scan holds one until its end, the rest read. */
  readonly poolSize?: number;
  /** Ms that reads and commits wait for a database that is away; 30,000 by default, time for it to restart. */
  readonly patienceMs?: number;
}

/** An open database with the newest tables. */
export interface StateDatabase {
  readonly database: Database;
  readonly schema: string;
  readonly patienceMs: number;
}

const STATEMENT_TIMEOUT_MS = 60_000;
// A scan's consumer may take its time between two pages.
const IDLE_IN_TRANSACTION_MS = 300_000;

/** Rows are found by key and nothing else; a plan made from old statistics must not read a whole table. */
const BY_KEY_ONLY = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

/** Connects and brings the tables to the newest version. Throws `StoreUnavailable`, `StoreFailed`, `SchemaTooNew`. */
export async function openStateDatabase(options: PostgresOptions): Promise<StateDatabase> {
  const schema = schemaName(options.schema ?? 'temas');
  const database = new Database({
    url: options.url,
    applicationName: options.applicationName ?? 'temas',
    poolSize: options.poolSize ?? 8,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    idleInTransactionTimeoutMs: IDLE_IN_TRANSACTION_MS,
    settings: BY_KEY_ONLY,
  });
  try {
    await migrate(database, schema, 'state-store', MIGRATIONS);
  } catch (error) {
    await database.close();
    return failed('open')(error);
  }
  return { database, schema, patienceMs: options.patienceMs ?? 30_000 };
}

/** Turns what the database threw at a step into an error of this lib. */
export function failed(step: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof PostgresUnavailable) throw new StoreUnavailable(step, { cause });
    if (cause instanceof TemasError) throw cause;
    throw new StoreFailed(`the state store failed to ${step}: ${messageOf(cause)}`, { cause });
  };
}

import { randomUUID } from 'node:crypto';
import { Database, encodeByteaArray, lockUntilCommit, migrate, schemaName } from '#postgres';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { WrongMasterKey } from '../../errors.ts';
import { drawBucketKey, wrapKey } from '../common/bucket-wrap.ts';
import { IdentifierCache } from '../common/identifier-cache.ts';
import { BUCKETS } from '../common/ref-bytes.ts';
import { BucketKeys } from './bucket-keys.ts';
import { ErasureWatch } from './erasure-watch.ts';
import { guarded, type KeyDatabase, KEYS_LOCK } from './key-database.ts';
import { MIGRATIONS } from './migrations.ts';
import { type PostgresKeyStore, SharedKeyStore } from './postgres-key-store.ts';
import { sweep } from './sweep.ts';

/** Where the key store lies and what opens it. */
export interface PostgresKeyStoreOptions {
  /** `postgres://…`; TLS as its `sslmode` says. */
  readonly url: string;
  /** 32 bytes; the caller may clear them after the opening. */
  readonly masterKey: Buffer;
  /** Schema of the tables, created if missing; `temas` by default. */
  readonly schema?: string;
  /** Shown in `pg_stat_activity`; `temas` by default. */
  readonly applicationName?: string;
  /** Identifiers kept opened in memory, about 0.5 KB each; 100,000 by default. */
  readonly cacheSize?: number;
  /** Connections at most, beside the one that listens; 4 by default. */
  readonly poolSize?: number;
  /** Ms that an answer waits for a database that is away; 5,000 by default. */
  readonly patienceMs?: number;
  /** Ms between two looks for erasures by other processes, beside their notifications; 1,000 by default. */
  readonly pollMs?: number;
}

const CACHE_SIZE = 100_000;
const STATEMENT_TIMEOUT_MS = 30_000;
// A stopped process in the middle of a mint would hold off erasures.
const IDLE_IN_TRANSACTION_MS = 10_000;

/**
 * Opens the key store in PostgreSQL, founds it in an empty schema, and finishes what a killed process left half-done.
 * Any number of processes may have it open. Throws `InvalidMasterKey`, `WrongMasterKey`, `KeyStoreUnavailable`,
 * `KeyStoreCorrupt`, `SchemaTooNew`.
 */
export async function openPostgresKeyStore(options: PostgresKeyStoreOptions): Promise<PostgresKeyStore> {
  const { url } = options;
  const applicationName = options.applicationName ?? 'temas';
  const secrets = new DerivedSecrets(options.masterKey);
  const schema = schemaName(options.schema ?? 'temas');
  const database = new Database({
    url,
    applicationName,
    poolSize: options.poolSize ?? 4,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    idleInTransactionTimeoutMs: IDLE_IN_TRANSACTION_MS,
  });
  const tables: KeyDatabase = { database, schema, patienceMs: options.patienceMs ?? 5_000 };
  const buckets = new BucketKeys(schema, secrets.bucketWrap);
  try {
    await guarded(tables, () => migrate(database, schema, 'key-store', MIGRATIONS));
    const erasures = await guarded(tables, () => found(tables, secrets));
    await guarded(tables, () => sweep(url, tables));
    await guarded(tables, () => buckets.refresh(database));
    const cache = new IdentifierCache(options.cacheSize ?? CACHE_SIZE);
    const watching = { url, applicationName, pollMs: options.pollMs ?? 1_000 };
    const watch = new ErasureWatch(tables, cache, watching, erasures);
    return new SharedKeyStore({ ...tables, url, secrets, cache, buckets, watch });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Founds the store unless it is there. Answers the number of its newest erasure. */
function found({ database, schema }: KeyDatabase, secrets: DerivedSecrets): Promise<bigint> {
  return database.transaction(async (session) => {
    await lockUntilCommit(session, schema, KEYS_LOCK);
    const [identity] = await session.query<[string, Buffer, bigint]>(
      `SELECT id::text, master_check, erasures FROM ${schema}.key_identity`,
    );
    if (identity !== undefined) {
      const [id, check, erasures] = identity;
      if (!secrets.check(id).equals(check)) throw new WrongMasterKey();
      return erasures;
    }
    const id = randomUUID();
    await session.query(
      `INSERT INTO ${schema}.key_identity (id, master_check) VALUES ($1::uuid, $2::bytea)`,
      [id, secrets.check(id)],
    );
    const wrapped = Array.from({ length: BUCKETS }, (_, bucket) =>
      wrapKey(bucket, 1, drawBucketKey(), secrets.bucketWrap),
    );
    await session.query(
      `INSERT INTO ${schema}.key_buckets (bucket, generation, wrapped)
         SELECT n.place - 1, 1, n.wrapped FROM unnest($1::bytea[]) WITH ORDINALITY AS n(wrapped, place)`,
      [encodeByteaArray(wrapped)],
    );
    return 0n;
  });
}

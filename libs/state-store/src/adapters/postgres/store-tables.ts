import { lockUntilCommit } from '#postgres';
import type { Session } from '#postgres';
import { BadStoreName, Deposed } from '../../errors.ts';
import type { LeaseEpoch } from '../../lease.port.ts';

const NAME = /^[a-z][a-z0-9_]{0,31}$/;

/** Table of a store's rows. Throws `BadStoreName` unless the name matches `[a-z][a-z0-9_]{0,31}`. */
export function rowsTable(schema: string, store: string): string {
  if (!NAME.test(store)) throw new BadStoreName(store);
  return `${schema}.rows_${store}`;
}

/**
 * Makes a store unless it is there, and answers its epoch. In a transaction. Stores for trials are logged as well: a
 * crash would empty an unlogged one under a trial that goes on, and the trial's answer would be wrong.
 */
export async function createStore(session: Session, schema: string, store: string): Promise<string> {
  const table = rowsTable(schema, store);
  await lockUntilCommit(session, schema, 'stores');
  const [found] = await session.query<[string]>(
    `SELECT epoch::text FROM ${schema}.state_stores WHERE name = $1`,
    [store],
  );
  if (found !== undefined) return found[0];
  // Row blocks are large and soon deleted: compressing them would cost more than it saves. Room in the pages lets an
  // updated row stay in its page, without a new entry in the index.
  await session.query(
    `CREATE TABLE ${table} (key bytea PRIMARY KEY, value bytea NOT NULL)
       WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
     ALTER TABLE ${table} ALTER COLUMN value SET STORAGE EXTERNAL`,
  );
  const [made] = await session.query<[string]>(
    `INSERT INTO ${schema}.state_stores (name, epoch) VALUES ($1, gen_random_uuid()) RETURNING epoch::text`,
    [store],
  );
  return (made as [string])[0];
}

/** Throws a store away, all of it. In a transaction. */
export async function dropStore(session: Session, schema: string, store: string): Promise<void> {
  const table = rowsTable(schema, store);
  await lockUntilCommit(session, schema, 'stores');
  await session.query(`DELETE FROM ${schema}.state_stores WHERE name = $1`, [store]);
  await session.query(`DELETE FROM ${schema}.state_checkpoints WHERE store = $1`, [store]);
  await session.query(`SET LOCAL client_min_messages = warning; DROP TABLE IF EXISTS ${table}`);
}

/** Throws `Deposed` unless the lease stands at this epoch; holds it there until the transaction ends. */
export async function holdLease(
  session: Session,
  schema: string,
  lease: LeaseEpoch | undefined,
): Promise<void> {
  if (lease === undefined) return;
  const [held] = await session.query(
    `SELECT 1 FROM ${schema}.leases WHERE name = $1 AND epoch = $2 FOR KEY SHARE`,
    [lease.name, String(lease.epoch)],
  );
  if (held === undefined) throw new Deposed(lease.name, lease.epoch);
}

import { Database } from '#postgres';
import type { KeyRemains } from '../../key-remains.ts';
import type { KeyDatabase } from './key-database.ts';

const SWEEP_TIMEOUT_MS = 600_000;

/**
 * Removes old bucket keys from the database's files after erasures: a table that is written anew holds the current
 * ones only. Does nothing where nothing is due; a sweep that was cut is due again. Throws `PostgresUnavailable`.
 */
export async function sweep(url: string, { database, schema }: KeyDatabase): Promise<void> {
  const [due] = await database.query<[bigint]>(`SELECT erasures FROM ${schema}.key_identity WHERE sweep_due`);
  if (due === undefined) return;
  const [number] = due;
  const patient = new Database({
    url,
    applicationName: 'temas key sweep',
    poolSize: 1,
    statementTimeoutMs: SWEEP_TIMEOUT_MS,
    idleInTransactionTimeoutMs: SWEEP_TIMEOUT_MS,
  });
  try {
    await patient.query(`VACUUM FULL ${schema}.key_buckets`);
    await patient.query(`VACUUM ${schema}.key_refs`);
    const [position] = await patient.query<[string, boolean]>(
      `SELECT pg_current_wal_lsn()::text, current_setting('archive_mode') <> 'off'`,
    );
    // Its own right to grant: GRANT EXECUTE ON FUNCTION pg_switch_wal() TO …
    const switched = await patient.query('SELECT pg_switch_wal()').then(
      () => true,
      () => false,
    );
    const [walUpTo, archiving] = position ?? [null, null];
    await database.transaction(async (session) => {
      await session.query(
        `UPDATE ${schema}.key_erasures SET wal_up_to = $2::pg_lsn, wal_switched = $3, archiving = $4
           WHERE number <= $1::int8 AND wal_up_to IS NULL`,
        [String(number), walUpTo, switched, archiving],
      );
      await session.query(`UPDATE ${schema}.key_identity SET sweep_due = false WHERE erasures = $1::int8`, [
        String(number),
      ]);
    });
  } finally {
    await patient.close();
  }
}

/** What is left after the newest erasure; `undefined` if there was none. Throws `PostgresUnavailable`. */
export async function readRemains({ database, schema }: KeyDatabase): Promise<KeyRemains | undefined> {
  const [found] = await database.query<[string, string | null, boolean | null, boolean | null]>(
    `SELECT to_char(erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), wal_up_to::text, wal_switched,
       archiving FROM ${schema}.key_erasures ORDER BY number DESC LIMIT 1`,
  );
  if (found === undefined) return undefined;
  const [erasedAt, walUpTo, walSwitched, archiving] = found;
  return { erasedAt, walUpTo, walSwitched, archiving };
}

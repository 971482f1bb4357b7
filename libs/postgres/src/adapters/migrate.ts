import { SchemaTooNew } from '../errors.ts';
import { schemaName } from '../schema-name.ts';
import type { Database, Session } from './database.ts';

/** Statements that bring the tables from one version to the next, for a schema. Never edited once released. */
export type Migration = (schema: string) => string;

/**
 * Brings a component's tables to the newest version, in one transaction; versions count from 1. Processes that start
 * at once take turns. Throws `SchemaTooNew`, `BadSchemaName`, `PostgresUnavailable`.
 */
export async function migrate(
  database: Database,
  schema: string,
  component: string,
  migrations: readonly Migration[],
): Promise<void> {
  const name = schemaName(schema);
  await database.transaction(async (session) => {
    await lockUntilCommit(session, name, 'migrate');
    // Looked for first: a role that may not create schemas is no hindrance where an administrator made this one.
    const [there] = await session.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [name]);
    if (there === undefined) await session.query(`CREATE SCHEMA ${name}`);
    await session.query(
      `SET LOCAL client_min_messages = warning;
       CREATE TABLE IF NOT EXISTS ${name}.migrations (
         component text NOT NULL, version int4 NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (component, version))`,
    );
    const [found] = await session.query<[number]>(
      `SELECT coalesce(max(version), 0) FROM ${name}.migrations WHERE component = $1`,
      [component],
    );
    const version = found?.[0] ?? 0;
    if (version > migrations.length) throw new SchemaTooNew(component, version, migrations.length);
    for (const [index, migration] of migrations.entries()) {
      if (index < version) continue;
      await session.query(migration(name));
      await session.query(`INSERT INTO ${name}.migrations (component, version) VALUES ($1, $2)`, [
        component,
        index + 1,
      ]);
    }
  });
}

/** Waits until no other transaction holds the lock of this name in this schema; holds it to the end of this one. */
export async function lockUntilCommit(
  session: Session,
  schema: string,
  name: string,
  mode: 'shared' | 'exclusive' = 'exclusive',
): Promise<void> {
  const suffix = mode === 'shared' ? '_shared' : '';
  await session.query(`SELECT pg_advisory_xact_lock${suffix}(hashtextextended($1, 0))`, [
    `temas:${schema}:${name}`,
  ]);
}

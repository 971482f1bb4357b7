import type { Warehouse } from '../warehouse.port.ts';
import { MIGRATIONS } from './migrations.ts';
import { LASTING_TABLES, lastingName } from './score-tables.ts';
import { createTableAs, STORE } from './table.ts';

const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1';

const BOOTSTRAP = [
  `CREATE DATABASE IF NOT EXISTS ${STORE} ENGINE = Atomic`,
  `CREATE TABLE IF NOT EXISTS ${STORE}.migrations (
     id String COMMENT 'Number and name of the step.',
     generation UInt32 COMMENT 'Generation of tables it was taken for.',
     applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When. UTC, ms.'
   ) ENGINE = MergeTree ORDER BY (generation, id) SETTINGS ${DURABLE}`,
  `CREATE TABLE IF NOT EXISTS ${STORE}.epochs (
     epoch String COMMENT 'Id of the state store that the tables were built from.',
     generation UInt32 COMMENT 'Generation that the public views show.',
     version UInt64 COMMENT 'Number of the note, from 1; the highest counts.'
   ) ENGINE = MergeTree ORDER BY version SETTINGS ${DURABLE}`,
  ...LASTING_TABLES.map((table) => createTableAs(table, lastingName(table))),
];

/** Brings a generation's tables to the newest schema, making them where there are none. Repeatable. */
export async function migrate(warehouse: Warehouse, generation: number): Promise<void> {
  for (const statement of BOOTSTRAP) await warehouse.command(statement);
  const rows = await warehouse.query<{ id: string }>(
    `SELECT id FROM ${STORE}.migrations WHERE generation = {generation:UInt32}`,
    { generation },
  );
  const applied = new Set(rows.map((row) => row.id));
  for (const migration of MIGRATIONS) {
    if (applied.has(migration.id)) continue;
    for (const statement of migration.statements(generation)) await warehouse.command(statement);
    await warehouse.command(
      `INSERT INTO ${STORE}.migrations (id, generation) SELECT {id:String}, {generation:UInt32}`,
      { id: migration.id, generation },
    );
  }
}

import type { Migration } from './migration.ts';
import { createTable } from './table.ts';
import { TABLES } from './tables.ts';

/** Events, profiles, identities, decisions and overrides. */
export const IDENTITY_TABLES: Migration = {
  id: '0001-identity-tables',
  statements: (generation) => TABLES.map((table) => createTable(table, generation)),
};

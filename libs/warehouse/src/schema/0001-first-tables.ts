import type { Migration } from './migration.ts';
import { createDictionary, OVERRIDES } from './overrides.ts';
import { createTable } from './table.ts';
import { TABLES } from './tables.ts';

/** The tables of the first release, and the dictionaries over the open overrides. */
export const FIRST_TABLES: Migration = {
  id: '0001-first-tables',
  statements: (generation) => [
    ...TABLES.map((table) => createTable(table, generation)),
    ...OVERRIDES.map((override) => createDictionary(override, generation)),
  ],
};

import { stringLiteral } from '../sql-text/literal.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { ANCHOR, PERSON, SESSION } from './columns.ts';
import { EVENTS } from './person-tables.ts';
import { IDENTITY_OVERRIDES, SESSION_OVERRIDES, SQUASHES } from './override-tables.ts';
import { STORE, tableName, type Column, type Table } from './table.ts';
import { TABLES } from './tables.ts';

/**
 * A column that keeps the value of its row's own position, and the table that says what became of that value since.
 * Readers look the newest word up in a dictionary over the overrides that are not folded into the rows yet.
 */
export interface Override {
  /** Every move, with its `version`. */
  readonly table: Table;
  /** Column of rows and of `table` by which a row is found. */
  readonly key: Column;
  /** Column of `table` that holds the new value. */
  readonly to: string;
  /** Column of rows whose value is resolved. */
  readonly column: Column;
  /** Tables that have both. */
  readonly resolved: readonly Table[];
}

/** The person that an identifier belongs to. */
export const PERSON_OF_ANCHOR: Override = {
  table: IDENTITY_OVERRIDES,
  key: ANCHOR,
  to: 'profile_id',
  column: PERSON,
  resolved: TABLES.filter(({ columns }) => columns.includes(ANCHOR) && columns.includes(PERSON)),
};

/** The visit that a visit was joined with. */
export const SESSION_OF_SESSION: Override = {
  table: SESSION_OVERRIDES,
  key: SESSION,
  to: 'moved_to',
  column: SESSION,
  resolved: [EVENTS],
};

/** All columns that are resolved when they are read. */
export const OVERRIDES: readonly Override[] = [PERSON_OF_ANCHOR, SESSION_OF_SESSION];

/** Qualified name of the dictionary of a generation's open overrides. */
export function dictionaryName({ table }: Pick<Override, 'table'>, generation: number): string {
  return `${STORE}.open_${table.name}_v${generation}`;
}

/** Overrides that are not folded into the rows, all moves. */
export function openMoves({ table }: Override, generation: number): string {
  return (
    `${tableName(table, generation)} WHERE version > (SELECT max(folded_to) ` +
    `FROM ${tableName(SQUASHES, generation)} WHERE overrides = ${stringLiteral(table.name)})`
  );
}

/**
 * DDL of the dictionary over the open overrides; does nothing where it exists. It reads its table when it is first
 * asked and at `SYSTEM RELOAD DICTIONARY`, never by itself.
 */
export function createDictionary(override: Override, generation: number): string {
  const { key, to } = override;
  const source =
    `SELECT ${key.name}, argMax(${to}, version) AS ${to} ` +
    `FROM ${openMoves(override, generation)} GROUP BY ${key.name}`;
  return [
    `CREATE DICTIONARY IF NOT EXISTS ${dictionaryName(override, generation)}`,
    `(${key.name} ${key.type}, ${to} UUID) PRIMARY KEY ${key.name}`,
    `SOURCE(CLICKHOUSE(QUERY ${stringLiteral(source)}))`,
    // The complex layout hashes any type of key, the plain one numbers only.
    `LAYOUT(${key.type === 'UInt64' ? 'HASHED' : 'COMPLEX_KEY_HASHED'}()) LIFETIME(0)`,
  ].join(' ');
}

/** SQL of the column's value of now, in a row whose columns have a prefix such as `t.`. */
export function resolved(
  { key, to, column, ...override }: Override,
  generation: number,
  prefix = '',
): string {
  const dictionary = stringLiteral(dictionaryName(override, generation));
  const found = key.type === 'UInt64' ? `${prefix}${key.name}` : `tuple(${prefix}${key.name})`;
  return `dictGetOrDefault(${dictionary}, '${to}', ${found}, ${prefix}${column.name})`;
}

/** Makes all inserted overrides count for every statement that begins after this resolves: 8 ms for 20,000. */
export async function reloadDictionary(
  warehouse: Warehouse,
  override: Override,
  generation: number,
): Promise<void> {
  await warehouse.command(`SYSTEM RELOAD DICTIONARY ${dictionaryName(override, generation)}`);
}

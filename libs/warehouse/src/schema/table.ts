import { stringLiteral } from '../sql-text/literal.ts';

/** Database of the physical tables. Analysts never see it. */
export const STORE = 'temas_store';

/** One column: its type, and what analysts are told of it. */
export interface Column {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
  /** Meaning, unit, and what stands there where there is no value. */
  readonly comment: string;
  readonly codec?: string;
  /** Kept from the public view: bookkeeping of the store. */
  readonly hidden?: true;
}

/** A physical table; each generation has its own, `<name>_v<generation>`. */
export interface Table {
  readonly name: string;
  readonly comment: string;
  /** In the order of an insert's values. */
  readonly columns: readonly Column[];
  readonly engine: string;
  readonly orderBy: readonly string[];
  readonly partitionBy?: string;
  /** Further MergeTree settings and indexes, as in the DDL. */
  readonly indexes?: readonly string[];
  readonly settings?: readonly string[];
}

/**
 * Every table: fsynced before an insert is answered and before merged or rewritten rows take the place of those they
 * came from (the embedded engine removes these at once), and the newest 1,000 tokens known, so that an insert whose
 * answer was lost can be sent again.
 */
const DURABLE = [
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_rows_to_fsync_after_merge = 1',
  'non_replicated_deduplication_window = 1000',
];

/** Qualified name of a generation's table. */
export function tableName(table: Table, generation: number): string {
  return `${STORE}.${table.name}_v${generation}`;
}

/** Names of the columns in the order of an insert's values. */
export function columnNames(table: Table): string[] {
  return table.columns.map((column) => column.name);
}

/** Columns that the public view shows. */
export function publicColumns(table: Table): Column[] {
  return table.columns.filter((column) => column.hidden !== true);
}

/** DDL of a generation's table; does nothing where it exists. */
export function createTable(table: Table, generation: number): string {
  return createTableAs(table, tableName(table, generation));
}

/** DDL of a table under a qualified name; does nothing where it exists. */
export function createTableAs(table: Table, name: string): string {
  const columns = table.columns.map(
    ({ name: column, type, codec, comment }) =>
      `${column} ${type} COMMENT ${stringLiteral(comment)}${codec ? ` CODEC(${codec})` : ''}`,
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${name}`,
    `(${[...columns, ...(table.indexes ?? [])].join(', ')})`,
    `ENGINE = ${table.engine}`,
    table.partitionBy ? `PARTITION BY ${table.partitionBy}` : '',
    `ORDER BY (${table.orderBy.join(', ')})`,
    `SETTINGS ${[...DURABLE, ...(table.settings ?? [])].join(', ')}`,
    `COMMENT ${stringLiteral(table.comment)}`,
  ]
    .filter((line) => line !== '')
    .join(' ');
}

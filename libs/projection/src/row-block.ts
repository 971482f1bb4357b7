import type { ErasedRows } from './folded-block.ts';
import type { TableRows } from './sink.ts';

/** Collection of folded blocks whose rows the warehouse has not got yet, keyed by the block's last position. */
export const ROW_BLOCKS = 'w.block';

/** Stands in a row block where the name of a table would: what the tables must not hold any more, as JSON lines. */
const ERASED = '!erased';

/** What people's erasures take from the tables, as a part of their block. */
export function encodeErased(erased: readonly ErasedRows[]): TableRows[] {
  if (erased.length === 0) return [];
  const lines = erased.map((one) => `${JSON.stringify(one)}\n`).join('');
  return [{ table: ERASED, count: erased.length, rows: Buffer.from(lines, 'utf8') }];
}

/** Parts a batch's rows from what is to be erased after they were inserted. */
export function erasedIn(tables: readonly TableRows[]): {
  readonly rows: readonly TableRows[];
  readonly erased: readonly ErasedRows[];
} {
  const erased = tables
    .filter(({ table }) => table === ERASED)
    .flatMap(({ rows }) => rows.toString('utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as ErasedRows);
  return { rows: tables.filter(({ table }) => table !== ERASED), erased };
}

interface Part {
  table: string;
  count: number;
  bytes: number;
}

/** Rows of all tables of one block in one value: length of the head, head as JSON, then the rows' bytes. */
export function encodeRowBlock(tables: readonly TableRows[]): Buffer {
  const parts: Part[] = tables.map(({ table, count, rows }) => ({ table, count, bytes: rows.length }));
  const head = Buffer.from(JSON.stringify(parts), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...tables.map(({ rows }) => rows)]);
}

/** Reads what {@link encodeRowBlock} wrote; the rows are views of `bytes`. */
export function decodeRowBlock(bytes: Buffer): TableRows[] {
  const headEnd = 4 + bytes.readUInt32BE(0);
  const parts = JSON.parse(bytes.toString('utf8', 4, headEnd)) as Part[];
  let offset = headEnd;
  return parts.map(({ table, count, bytes: length }) => {
    const rows = bytes.subarray(offset, offset + length);
    offset += length;
    return { table, count, rows };
  });
}

/** Joins the rows of several blocks, table by table, in block order. */
export function mergeTables(blocks: readonly (readonly TableRows[])[]): TableRows[] {
  const merged = new Map<string, { count: number; rows: Buffer[] }>();
  for (const { table, count, rows } of blocks.flat()) {
    const entry = merged.get(table) ?? { count: 0, rows: [] };
    entry.count += count;
    entry.rows.push(rows);
    merged.set(table, entry);
  }
  return [...merged].map(([table, { count, rows }]) => ({ table, count, rows: Buffer.concat(rows) }));
}

import type { ErasedRows } from '#projection';
import { ANCHOR } from '../schema/columns.ts';
import { lastingName, PROFILE_SCORES } from '../schema/score-tables.ts';
import { tableName, type Table } from '../schema/table.ts';
import { ORDER_ITEMS, ORDERS, PROFILES, SESSIONS, TABLES } from '../schema/tables.ts';
import type { QueryParams, Warehouse } from '../warehouse.port.ts';

/** Rows of one table that an erasure is about. */
interface Condition {
  readonly table: string;
  readonly where: string;
  readonly params: QueryParams;
}

/**
 * Deletes a generation's rows of erased people: parts that hold some are written anew without them, and statements
 * that begin after it resolves see none. Finds nothing to do where it was done before.
 */
export async function eraseRows(
  warehouse: Warehouse,
  generation: number,
  erased: readonly ErasedRows[],
): Promise<void> {
  for (const condition of conditionsOf(generation, erased)) await deleteRows(warehouse, condition);
}

/** Deletes the scores of erased people, which belong to no generation. Repeatable. */
export async function eraseScores(
  warehouse: Warehouse,
  workspace: string,
  profiles: readonly string[],
): Promise<void> {
  await deleteRows(warehouse, scoresOf(workspace, profiles));
}

/** Rows that are left of erased people, by table; scores included. */
export async function countErased(
  warehouse: Warehouse,
  generation: number,
  erased: ErasedRows,
): Promise<Record<string, number>> {
  const left: Record<string, number> = {};
  const conditions = [...conditionsOf(generation, [erased]), scoresOf(erased.workspace, erased.profiles)];
  for (const { table, where, params } of conditions) {
    const [row] = await warehouse.query<{ n: string }>(
      `SELECT count() AS n FROM ${table} WHERE ${where}`,
      params,
    );
    const name = table.replace(/^[^.]*\./, '').replace(/_v\d+$/, '');
    left[name] = (left[name] ?? 0) + Number(row?.n ?? 0);
  }
  return left;
}

/** Whose rows a column tells, and of which tables. */
const KEYS: readonly {
  readonly tables: readonly Table[];
  readonly column: string;
  readonly type: string;
  readonly of: (erased: ErasedRows) => readonly string[];
}[] = [
  {
    // A visit is its device's, whoever its person is.
    tables: TABLES.filter((table) => table !== SESSIONS && table.columns.includes(ANCHOR)),
    column: ANCHOR.name,
    type: 'UInt64',
    of: ({ anchors }) => anchors,
  },
  { tables: [SESSIONS], column: 'device_id', type: 'UInt64', of: ({ devices }) => devices },
  { tables: [PROFILES], column: 'profile_id', type: 'UUID', of: ({ profiles }) => profiles },
  { tables: [ORDERS, ORDER_ITEMS], column: 'order_id', type: 'String', of: ({ orders }) => orders },
];

function conditionsOf(generation: number, erased: readonly ErasedRows[]): Condition[] {
  return KEYS.flatMap(({ tables, column, type, of }) =>
    [...new Set(erased.map(({ workspace }) => workspace))].flatMap((workspace) => {
      const keys = erased.filter((one) => one.workspace === workspace).flatMap(of);
      if (keys.length === 0) return [];
      const where = `workspace = {workspace:String} AND ${column} IN {keys:Array(${type})}`;
      return tables.map((table) => ({
        table: tableName(table, generation),
        where,
        params: { workspace, keys: type === 'UInt64' ? keys.map(BigInt) : keys },
      }));
    }),
  );
}

function scoresOf(workspace: string, profiles: readonly string[]): Condition {
  return {
    table: lastingName(PROFILE_SCORES),
    where: 'workspace = {workspace:String} AND profile_id IN {keys:Array(UUID)}',
    params: { workspace, keys: profiles },
  };
}

async function deleteRows(warehouse: Warehouse, { table, where, params }: Condition): Promise<void> {
  const [row] = await warehouse.query<{ n: string }>(
    `SELECT count() AS n FROM ${table} WHERE ${where}`,
    params,
  );
  if (row?.n === '0') return;
  await warehouse.command(`ALTER TABLE ${table} DELETE WHERE ${where} SETTINGS mutations_sync = 2`, params);
}

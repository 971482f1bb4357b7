import { setTimeout as pause } from 'node:timers/promises';
import { reach } from '#kernel';
import type { Position } from '#kernel';
import { stringLiteral } from '../sql-text/literal.ts';
import { VERSION } from '../schema/columns.ts';
import { openMoves, reloadDictionary, resolved, type Override } from '../schema/overrides.ts';
import { SQUASHES } from '../schema/override-tables.ts';
import { tableName, type Table } from '../schema/table.ts';
import { SquashIncomplete } from '../errors.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { mutationsEnded } from './mutations.ts';
import type { SquashScope } from './squash-scope.ts';

/** How a squash ended. */
export interface Folding {
  readonly outcome: 'folded' | 'aborted';
  /** Time in which the engine was kept busy; waiting for readers is not. */
  readonly busyMs: number;
}

/** How often it is looked whether readers have left. */
const LOOK_MS = 200;

/**
 * Makes the overrides up to a position part of the rows, so that nobody has to look them up. `upTo` must be settled:
 * its rows are in the tables and the dictionary knows its overrides.
 *
 * No answer changes at any moment, whatever ends the process where: rows are rewritten to what readers see of them
 * while the overrides still stand above; the overrides go by one insert, when every row has been rewritten and no
 * statement runs that may have looked at the rows before. There is nothing to take up again after a crash: the next
 * squash finds most rows as they should be. Later moves, splits too, are later overrides and win.
 *
 * Throws `SquashIncomplete` where the engine did not rewrite all rows; the overrides then stay.
 */
export async function foldOverrides(scope: SquashScope, upTo: Position): Promise<Folding> {
  const { warehouse, generation, override, signal } = scope;
  const started = performance.now();
  const ended = (outcome: Folding['outcome']): Folding => ({ outcome, busyMs });
  let busyMs = 0;
  for (const table of override.resolved) await beginRewrite(scope, table, upTo);
  for (const table of override.resolved) {
    const rewritten = await mutationsEnded(scope, table);
    busyMs = performance.now() - started;
    if (!rewritten) return ended('aborted');
  }
  reach('rows-rewritten');
  for (const table of override.resolved) await verify(scope, table, upTo);
  busyMs = performance.now() - started;
  if (!(await readersLeft(warehouse, signal))) return ended('aborted');
  await warehouse.command(
    `INSERT INTO ${tableName(SQUASHES, generation)} SELECT {overrides:String}, {upTo:UInt64}`,
    { overrides: override.table.name, upTo },
  );
  reach('overrides-folded');
  await reloadDictionary(warehouse, override, generation);
  return ended('folded');
}

/**
 * Condition of rows that do not hold yet what readers see of them. Rows after `upTo` know the overrides up to there,
 * and may know later ones that are still on their way.
 */
function outdated(override: Override, table: Table, generation: number): string {
  return `${settledBy(table)} AND ${override.column.name} != ${resolved(override, generation)}`;
}

/** Condition of rows that were written for positions up to `upTo`. */
function settledBy({ columns }: Table, prefix = ''): string {
  const position = columns.includes(VERSION) ? VERSION.name : 'position';
  return `${prefix}${position} <= {upTo:UInt64}`;
}

/** Has one column of the partitions that need it written anew; the other columns' files stay as they are. */
async function beginRewrite(
  { warehouse, generation, override }: SquashScope,
  table: Table,
  upTo: Position,
): Promise<void> {
  const name = tableName(table, generation);
  const condition = outdated(override, table, generation);
  const partitions = await warehouse.query<{ id: string }>(
    `SELECT DISTINCT _partition_id AS id FROM ${name} WHERE ${condition} ORDER BY id`,
    { upTo },
  );
  if (partitions.length === 0) return;
  const update = `UPDATE ${override.column.name} = ${resolved(override, generation)}`;
  const commands = partitions.map(
    ({ id }) => `${update} IN PARTITION ID ${stringLiteral(id)} WHERE ${condition}`,
  );
  await warehouse.command(`ALTER TABLE ${name} ${commands.join(', ')} SETTINGS mutations_sync = 0`, { upTo });
}

/**
 * Checks the rewrite against the overrides themselves, whatever the dictionary said meanwhile. What moved again after
 * `upTo` is left out: there the later override stands above.
 */
async function verify(
  { warehouse, generation, override }: SquashScope,
  table: Table,
  upTo: Position,
): Promise<void> {
  const { key, to, column } = override;
  const name = tableName(table, generation);
  const [row] = await warehouse.query<{ n: string }>(
    `SELECT count() AS n FROM ${name} AS t INNER JOIN (
       SELECT ${key.name}, argMax(${to}, version) AS folded FROM ${openMoves(override, generation)}
       GROUP BY ${key.name} HAVING max(version) <= {upTo:UInt64}
     ) AS o ON t.${key.name} = o.${key.name} WHERE ${settledBy(table, 't.')} AND t.${column.name} != o.folded`,
    { upTo },
  );
  if (row?.n !== '0') throw new SquashIncomplete(name, Number(row?.n));
}

/** Waits for the statements that run now; later ones see the rewritten rows. False if aborted. */
async function readersLeft(warehouse: Warehouse, signal: AbortSignal): Promise<boolean> {
  const running = await warehouse.query<{ id: string }>('SELECT query_id AS id FROM system.processes');
  const ids = running.map(({ id }) => id);
  while (!signal.aborted) {
    const [left] = await warehouse.query<{ n: string }>(
      'SELECT count() AS n FROM system.processes WHERE query_id IN ({ids:Array(String)})',
      { ids },
    );
    if (left?.n === '0') return true;
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

import { setTimeout as pause } from 'node:timers/promises';
import { SquashFailed } from '../errors.ts';
import { tableName, type Table } from '../schema/table.ts';
import type { SquashScope } from './squash-scope.ts';

/** How often it is looked how far the engine is. */
const LOOK_MS = 200;

interface Mutations {
  readonly left: string;
  readonly parts: string;
  readonly reason: string;
}

/**
 * Waits until a table's mutations have ended, those that an earlier process left too. False if aborted: they go on.
 * Throws `SquashFailed` where the engine gives up on a part; its mutations are taken back then, or they would be
 * tried for ever.
 */
export async function mutationsEnded(
  { warehouse, generation, signal, progress }: SquashScope,
  table: Table,
): Promise<boolean> {
  const [database, name] = tableName(table, generation).split('.');
  const which = 'database = {database:String} AND table = {name:String} AND NOT is_done';
  while (!signal.aborted) {
    const [state] = await warehouse.query<Mutations>(
      `SELECT count() AS left, sum(parts_to_do) AS parts, max(latest_fail_reason) AS reason
       FROM system.mutations WHERE ${which}`,
      { database, name },
    );
    progress(Number(state?.parts));
    if (state?.left === '0') return true;
    if (state?.reason) {
      await warehouse.command(`KILL MUTATION WHERE ${which} SYNC`, { database, name });
      throw new SquashFailed(table.name, state.reason);
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

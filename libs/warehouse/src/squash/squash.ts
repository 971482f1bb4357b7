import type { Position } from '#kernel';
import type { Squashed } from '#projection';
import { openMoves, OVERRIDES, type Override } from '../schema/overrides.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { foldOverrides } from './fold-overrides.ts';
import type { SquashScope } from './squash-scope.ts';

/** Open overrides of a kind from which on they are folded: as many as readers hardly notice (`bench -- stitching`). */
export const SQUASH_AFTER = 20_000;

/** What {@link squash} works on. */
export interface SquashParts extends Omit<SquashScope, 'override'> {
  /** Open overrides of a kind from which on they are folded. */
  readonly after: number;
}

/**
 * Folds the kinds of overrides that have become many, one after the other, as far as `settled`: rows up to there are
 * in the tables and the dictionaries know them. Throws what the warehouse throws; nothing has changed for readers then.
 */
export async function squash({ after, ...parts }: SquashParts, settled: Position): Promise<Squashed> {
  let overrides = 0;
  let busyMs = 0;
  for (const override of OVERRIDES) {
    if (parts.signal.aborted) break;
    const open = await countOpen(parts.warehouse, override, parts.generation, settled);
    if (open < after) continue;
    const result = await foldOverrides({ ...parts, override }, settled);
    busyMs += result.busyMs;
    if (result.outcome === 'folded') overrides += open;
  }
  return { overrides, busyMs };
}

async function countOpen(
  warehouse: Warehouse,
  override: Override,
  generation: number,
  upTo: Position,
): Promise<number> {
  const [row] = await warehouse.query<{ n: string }>(
    `SELECT count() AS n FROM ${openMoves(override, generation)} AND version <= {upTo:UInt64}`,
    { upTo },
  );
  return Number(row?.n);
}

import type { ConfigState, FitRun } from '#config';
import type { EventId } from '#kernel';
import { columnNames, lastingName, MODEL_RUNS, PROFILE_SCORES, type Warehouse } from '#warehouse';
import type { FitResult } from '../fit/fit-result.ts';
import { modelRunRow } from './model-run-row.ts';
import { dropScores } from './run-fit.ts';

/** A fit that gives scores. */
export interface ScoringRun extends FitRun {
  readonly result: FitResult;
}

/** Fits whose scores count: of each currency and basis the newest that succeeded. As the view `profile_scores` has it. */
export function scoringRuns({ fits }: ConfigState): ScoringRun[] {
  const newest = new Map<string, ScoringRun>();
  for (const run of fits.values()) {
    const result = run.result as FitResult | null;
    if (result === null || result.model === 'gamma_gamma') continue;
    const key = `${result.basis} ${result.currency}`;
    if ((newest.get(key)?.ordinal ?? 0) < run.ordinal) newest.set(key, { ...run, result });
  }
  return [...newest.values()];
}

/**
 * Puts the fits that have ended into `model_runs` where they are missing: after each end, and after the tables were
 * deleted. From the moment that a row stands there its scores count.
 *
 * @throws WarehouseUnavailable
 */
export async function syncModelRuns(warehouse: Warehouse, { workspace, fits }: ConfigState): Promise<void> {
  const table = lastingName(MODEL_RUNS);
  const rows = await warehouse.query<{ run_id: string }>(
    `SELECT run_id FROM ${table} FINAL WHERE workspace = {workspace:String}`,
    { workspace },
  );
  const known = new Set(rows.map(({ run_id }) => run_id));
  for (const run of fits.values()) {
    const isRow = run.status === 'succeeded' || run.status === 'failed';
    if (!isRow || known.has(run.runId)) continue;
    const line = Buffer.from(`${JSON.stringify(modelRunRow(workspace, run))}\n`, 'utf8');
    await warehouse.insert(table, line, columnNames(MODEL_RUNS), run.runId);
  }
}

/**
 * Drops the scores of fits that a newer one has replaced.
 *
 * @throws WarehouseUnavailable
 */
export async function dropSuperseded(warehouse: Warehouse, states: readonly ConfigState[]): Promise<void> {
  const current = new Set<string>(states.flatMap(scoringRuns).map(({ runId }) => runId));
  const [database, name] = lastingName(PROFILE_SCORES).split('.');
  const rows = await warehouse.query<{ partition: EventId }>(
    `SELECT DISTINCT partition FROM system.parts
     WHERE database = {database:String} AND table = {name:String} AND active`,
    { database, name },
  );
  for (const { partition } of rows) if (!current.has(partition)) await dropScores(warehouse, partition);
}

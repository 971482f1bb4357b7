import type { Warehouse } from '#warehouse';
import { lastingName, PROFILE_SCORES } from '#warehouse';
import {
  FINGERPRINT,
  purchaseDays,
  type PurchaseSelection,
  readPurchases,
} from '../purchases/read-purchases.ts';
import { scoreBook } from '../score/score-book.ts';
import { deletedRow, type ScoredRun } from '../score/score-rows.ts';
import { writeScores } from '../score/write-scores.ts';
import type { FitJob } from './run-fit.ts';

/** Of more than so many everybody is read: their ids would not fit into a statement. */
const FEW = 5_000;

/**
 * Whether there is somebody for `rescore`.
 *
 * @throws WarehouseUnavailable
 */
export async function isAnybodyTouched(
  warehouse: Warehouse,
  { workspace, runId, request }: FitJob,
  { basis, currency }: ScoredRun['result'],
): Promise<boolean> {
  const selection: PurchaseSelection = { workspace, basis, currency, start: request.start };
  const sql = touchedSql(selection, request.cutoff ?? undefined, 'LIMIT 1');
  return (await warehouse.query(sql, { workspace, runId })).length > 0;
}

/**
 * Scores anew by a fit who is not scored by the present purchases: bought, cancelled, merged, split, erased since.
 * Answers how many. What was deleted of the tables comes back by this too.
 *
 * @throws WarehouseUnavailable
 */
export async function rescore(
  warehouse: Warehouse,
  { workspace, runId, request }: FitJob,
  result: ScoredRun['result'],
  signal: { readonly aborted: boolean },
): Promise<number> {
  const run: ScoredRun = { workspace, runId, result };
  const { basis, currency } = result;
  const selection: PurchaseSelection = { workspace, basis, currency, start: request.start };
  const until = request.cutoff === null ? {} : { until: request.cutoff };
  const found = await warehouse.query<{ profile_id: string }>(
    touchedSql(selection, request.cutoff ?? undefined),
    { workspace, runId },
  );
  const touched = found.map(({ profile_id }) => profile_id);
  if (touched.length === 0) return 0;
  const book = await readPurchases(warehouse, selection, {
    ...until,
    ...(touched.length <= FEW ? { only: touched } : {}),
  });
  const missing = new Set(touched);
  function* rows(): Generator<unknown[]> {
    for (const row of scoreBook(run, request, book)) {
      if (signal.aborted) return;
      if (missing.delete(row[1] as string)) yield row;
    }
    for (const profileId of missing) yield deletedRow(run, profileId);
  }
  await writeScores(warehouse, rows());
  return touched.length;
}

/** People whose score was not computed from their present purchases: it differs, or one of both is missing. */
function touchedSql(selection: PurchaseSelection, until: string | undefined, limit = ''): string {
  return [
    'SELECT profile_id FROM (',
    `SELECT profile_id, ${FINGERPRINT} AS hash FROM (${purchaseDays(selection, until)}) GROUP BY profile_id`,
    `UNION ALL SELECT profile_id, fingerprint AS hash FROM ${lastingName(PROFILE_SCORES)} FINAL`,
    'WHERE workspace = {workspace:String} AND run_id = {runId:UUID} AND is_deleted = 0',
    `) GROUP BY profile_id HAVING count() = 1 OR min(hash) != max(hash) ${limit} SETTINGS max_threads = 1`,
  ].join(' ');
}

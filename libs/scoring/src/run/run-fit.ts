import type { FitRequest } from '#config';
import type { EventId, Workspace } from '#kernel';
import { lastingName, PROFILE_SCORES, type Warehouse } from '#warehouse';
import { type FitOutcome, type FitStep, type FitWatch, fitBook } from '../fit/fit-book.ts';
import { readPurchases } from '../purchases/read-purchases.ts';
import { scoreBook } from '../score/score-book.ts';
import { writeScores } from '../score/write-scores.ts';
import { selectionOf } from './selection.ts';

/** A fit to be run. */
export interface FitJob {
  readonly workspace: Workspace;
  readonly runId: EventId;
  readonly request: FitRequest;
}

/** How far a fit is. */
export interface FitProgress {
  readonly step: 'waiting' | 'reading' | FitStep | 'scoring';
  /** Customers scored, and of how many; 0 before. */
  readonly scored: number;
  readonly customers: number;
  /** Evaluations of the likelihood under way, and the best so far. */
  readonly evaluations: number;
  readonly logLikelihood: number | null;
}

/** Before anything was done. */
export const NO_PROGRESS: FitProgress = {
  step: 'waiting',
  scored: 0,
  customers: 0,
  evaluations: 0,
  logLikelihood: null,
};

/**
 * Reads the purchases, fits, judges, and writes the scores under the run: nobody sees them until the run stands in
 * `model_runs`. Blocks its thread while it computes.
 *
 * @throws WarehouseUnavailable
 */
export async function runFit(
  warehouse: Warehouse,
  { workspace, runId, request }: FitJob,
  signal: { readonly aborted: boolean },
  onProgress: (progress: FitProgress) => void,
): Promise<FitOutcome> {
  let progress: FitProgress = { ...NO_PROGRESS, step: 'reading' };
  const tell = (change: Partial<FitProgress>): void => onProgress((progress = { ...progress, ...change }));
  tell({});
  const selection = await selectionOf(warehouse, workspace, request);
  const until = request.cutoff === null ? {} : { until: request.cutoff };
  const book = await readPurchases(warehouse, selection, until);
  if (signal.aborted) return { outcome: 'cancelled' };
  tell({ customers: book.customers.length });
  const watch: FitWatch = {
    signal,
    onStep: (step) => tell({ step, evaluations: 0, logLikelihood: null }),
    onProgress: ({ evaluations, logLikelihood }) => tell({ evaluations, logLikelihood }),
  };
  const outcome = fitBook({ book, ...selection, request }, watch);
  if (outcome.outcome !== 'fitted' || request.model === 'gamma_gamma') return outcome;
  tell({ step: 'scoring' });
  // An attempt that a crash ended may have left rows.
  await dropScores(warehouse, runId);
  const rows = scoreBook({ workspace, runId, result: outcome.result }, request, book);
  await writeScores(warehouse, untilAborted(rows, signal), (scored) => tell({ scored }));
  if (!signal.aborted) return outcome;
  await dropScores(warehouse, runId);
  return { outcome: 'cancelled' };
}

/** Drops the scores of a run. */
export async function dropScores(warehouse: Warehouse, runId: EventId): Promise<void> {
  await warehouse.command(`ALTER TABLE ${lastingName(PROFILE_SCORES)} DROP PARTITION '${runId}'`);
}

function* untilAborted<T>(items: Iterable<T>, signal: { readonly aborted: boolean }): Generator<T> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}

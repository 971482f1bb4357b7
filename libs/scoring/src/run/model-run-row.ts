import type { FitRun } from '#config';
import { clickHouseTime } from '#kernel';
import type { Workspace } from '#kernel';
import type { FitResult } from '../fit/fit-result.ts';

/** Values of a `model_runs` row, in the order of the table, of a fit that succeeded or failed. */
export function modelRunRow(workspace: Workspace, run: FitRun): unknown[] {
  const { runId, ordinal, status, reason, request, endedAt } = run;
  const result = run.result as FitResult | null;
  return [
    workspace,
    runId,
    ordinal,
    status,
    reason?.detail ?? '',
    result?.model ?? request.model,
    result?.basis ?? request.basis ?? '',
    result?.currency ?? request.currency ?? '',
    clickHouseTime(endedAt ?? 0),
    result?.cutoff ?? request.cutoff ?? '1970-01-01',
    result?.customers ?? 0,
    JSON.stringify(result?.parameters ?? {}),
    JSON.stringify(result?.standardErrors ?? {}),
    result?.logLikelihood ?? null,
    JSON.stringify(result === null ? {} : metricsOf(result)),
    result?.dataDigest ?? '',
    JSON.stringify(request),
    result?.lifecycle.activeDays ?? 0,
    result?.lifecycle.lapsedDays ?? 0,
    result === null || result.model === 'gamma_gamma' ? 0 : 1,
  ];
}

/** How wrong a fit is, without what has columns of its own. */
function metricsOf(result: FitResult): object {
  const { heldOut, tracking, churn, spend, candidates, warnings, gradientNorm, purchaseDays } = result;
  const { repeatCustomers, revenue, start, newest } = result;
  const facts = { start, newest, purchaseDays, repeatCustomers, revenue, gradientNorm, warnings };
  return { ...facts, heldOut, tracking, churn, spend, candidates };
}

import type { FitRun, FitSchedule } from '#config';
import { isoTime } from '#kernel';
import { type FitProgress, type FitResult, NO_PROGRESS } from '#scoring';

/** A fit as lists show it. */
export function fitSummary(run: FitRun, progress: FitProgress | undefined): object {
  const result = run.result as FitResult | null;
  const { runId, request, schedule, actor, requestedAt, endedAt, reason } = run;
  return {
    runId,
    // Succeeded once its scores are those that readers see.
    status: isRunning(run, progress) ? 'running' : run.status,
    model: result?.model ?? request.model,
    currency: result?.currency ?? request.currency,
    cutoff: result?.cutoff ?? request.cutoff,
    schedule,
    actor,
    requestedAt: isoTime(requestedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    customers: result?.customers ?? null,
    logLikelihood: result?.logLikelihood ?? null,
    dataDigest: result?.dataDigest ?? null,
    reason,
  };
}

/** All of a fit: what was asked, how far it is, and what it came to or why there are no numbers. */
export function fitView(run: FitRun, progress: FitProgress | undefined): object {
  const isOpen = run.status === 'queued' || isRunning(run, progress);
  return {
    parameters: null,
    standardErrors: null,
    ...run.result,
    ...fitSummary(run, progress),
    request: run.request,
    progress: isOpen ? (progress ?? NO_PROGRESS) : null,
  };
}

/** A schedule. */
export function scheduleView({ name, request, everyHours, actor, setAt }: FitSchedule): object {
  return { name, everyHours, request, actor, setAt: isoTime(setAt) };
}

function isRunning({ status }: FitRun, progress: FitProgress | undefined): boolean {
  return progress !== undefined && (status === 'queued' || status === 'succeeded');
}

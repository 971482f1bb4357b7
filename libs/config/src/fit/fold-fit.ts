import type { EventId } from '#kernel';
import type { FitEnded, FitRequested, FitScheduleRemoved, FitScheduleSet } from '../config-event.ts';
import type { FitRun, FitSchedule } from './fit.ts';

/** Fits of a workspace by run id, oldest first. */
export type Fits = ReadonlyMap<EventId, FitRun>;

/** Schedules of a workspace by name. */
export type FitSchedules = ReadonlyMap<string, FitSchedule>;

/** The fits after an event. Of two ends of one fit the first counts. */
export function foldFit(fits: Fits, event: FitRequested | FitEnded): Fits {
  const after = new Map(fits);
  if (event.type === 'FitRequested') {
    const { runId, request, schedule, actor, at } = event;
    return after.set(runId, {
      runId,
      request,
      schedule,
      actor,
      requestedAt: at,
      status: 'queued',
      endedAt: null,
      ordinal: 0,
      reason: null,
      result: null,
    });
  }
  const run = fits.get(event.runId);
  if (run?.status !== 'queued') return fits;
  const { status, reason, result, at } = event;
  let ended = 0;
  for (const { ordinal } of fits.values()) ended = Math.max(ended, ordinal);
  return after.set(run.runId, { ...run, status, endedAt: at, ordinal: ended + 1, reason, result });
}

/** The schedules after an event. */
export function foldFitSchedule(
  schedules: FitSchedules,
  event: FitScheduleSet | FitScheduleRemoved,
): FitSchedules {
  const after = new Map(schedules);
  if (event.type === 'FitScheduleRemoved') after.delete(event.name);
  else {
    const { name, request, everyHours, actor, at } = event;
    after.set(name, { name, request, everyHours, actor, setAt: at });
  }
  return after;
}

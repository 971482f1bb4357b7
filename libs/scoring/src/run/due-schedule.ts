import type { ConfigState, FitSchedule } from '#config';

const HOUR_MS = 3_600_000;

/**
 * A schedule whose time has come: set and never run since, or last run its hours ago, and not waiting in the queue.
 *
 * @param now ms since 1970 UTC
 */
export function dueSchedule({ fits, fitSchedules }: ConfigState, now: number): FitSchedule | undefined {
  for (const schedule of fitSchedules.values()) {
    let last = -Infinity;
    let waiting = false;
    for (const run of fits.values()) {
      if (run.schedule !== schedule.name || run.requestedAt < schedule.setAt) continue;
      last = Math.max(last, run.requestedAt);
      waiting ||= run.status === 'queued';
    }
    if (!waiting && now - last >= schedule.everyHours * HOUR_MS) return schedule;
  }
  return undefined;
}

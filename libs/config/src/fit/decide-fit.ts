import type { EventId } from '#kernel';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided, TooMany } from '../decided.ts';
import { MAX_FIT_SCHEDULES, MAX_QUEUED_FITS } from './fit.ts';
import type { FitReason, FitRequest } from './fit.ts';

/** There is no such fit. */
export interface UnknownFit {
  readonly outcome: 'unknown_fit';
}

/** The fit has ended before: what it came to stays. */
export interface FitHasEnded {
  readonly outcome: 'ended';
}

/** There is no such schedule. */
export interface UnknownSchedule {
  readonly outcome: 'unknown_schedule';
}

/** How a fit ends. */
export type FitEnd =
  | { readonly status: 'succeeded'; readonly result: object }
  | { readonly status: 'failed'; readonly reason: FitReason }
  | { readonly status: 'cancelled' };

/** A fit joins the queue. */
export function decideFit(
  { fits }: ConfigState,
  runId: EventId,
  request: FitRequest,
  schedule: string | null,
  by: Authorship,
): Decided<TooMany> {
  let queued = 0;
  for (const { status } of fits.values()) if (status === 'queued') queued += 1;
  if (queued >= MAX_QUEUED_FITS) {
    return { refused: { outcome: 'too_many', limit: MAX_QUEUED_FITS, unit: 'fits' } };
  }
  return { events: [{ type: 'FitRequested', runId, request, schedule, ...by }] };
}

/** A fit ends, once. */
export function decideFitEnd(
  { fits }: ConfigState,
  runId: EventId,
  end: FitEnd,
  by: Authorship,
): Decided<UnknownFit | FitHasEnded> {
  const run = fits.get(runId);
  if (run === undefined) return { refused: { outcome: 'unknown_fit' } };
  if (run.status !== 'queued') return { refused: { outcome: 'ended' } };
  return { events: [{ type: 'FitEnded', runId, reason: null, result: null, ...end, ...by }] };
}

/** A schedule is set, in place of the one of that name. */
export function decideSchedule(
  { fitSchedules }: ConfigState,
  name: string,
  request: FitRequest,
  everyHours: number,
  by: Authorship,
): Decided<TooMany> {
  if (!fitSchedules.has(name) && fitSchedules.size >= MAX_FIT_SCHEDULES) {
    return { refused: { outcome: 'too_many', limit: MAX_FIT_SCHEDULES, unit: 'schedules' } };
  }
  return { events: [{ type: 'FitScheduleSet', name, request, everyHours, ...by }] };
}

/** No schedule of that name any more. */
export function decideUnschedule(
  { fitSchedules }: ConfigState,
  name: string,
  by: Authorship,
): Decided<UnknownSchedule> {
  if (!fitSchedules.has(name)) return { refused: { outcome: 'unknown_schedule' } };
  return { events: [{ type: 'FitScheduleRemoved', name, ...by }] };
}

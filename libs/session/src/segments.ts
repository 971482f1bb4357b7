import type { Ref } from '#kernel';
import type { SessionId } from './session-id.ts';

/** Longest pause inside a session, ms: 30 minutes to the millisecond still join. */
export const SESSION_GAP = 30 * 60_000;

const DAY = 24 * 3_600_000;

/**
 * A stretch of one UTC day in which a device was active without a pause longer than `SESSION_GAP`: times of its
 * first and last event that day (ms since 1970 UTC), and its session as it was called when this was written.
 */
export type Segment = readonly [first: number, last: number, sessionId: SessionId];

/** Key of a device's row for the day that holds a time. */
export function dayKey(device: Ref, at: number): string {
  return `${device}/${Math.floor(at / DAY)}`;
}

/** Keys of the one or two days that an event at `at` can reach into, in order of time. */
export function daysInReach(device: Ref, at: number): string[] {
  const first = dayKey(device, at - SESSION_GAP);
  const last = dayKey(device, at + SESSION_GAP);
  return first === last ? [first] : [first, last];
}

/** True where an event at `at` belongs to the segment's session. */
export function reaches([first, last]: Segment, at: number): boolean {
  return at >= first - SESSION_GAP && at <= last + SESSION_GAP;
}

/**
 * A day's segments, in order of time, with an event added to those it reaches; these become one. Segments lie more
 * than 30 minutes apart, so a day has at most 48.
 */
export function withEvent(segments: readonly Segment[], at: number, sessionId: SessionId): Segment[] {
  const result: Segment[] = [];
  let first = at;
  let last = at;
  for (const segment of segments) {
    if (reaches(segment, at)) {
      first = Math.min(first, segment[0]);
      last = Math.max(last, segment[1]);
    } else result.push(segment);
  }
  result.push([first, last, sessionId]);
  return result.sort((a, b) => a[0] - b[0]);
}

import { describe, expect, it } from '@jest/globals';
import type { ConfigState, FitRun, FitSchedule } from '#config';
import { dueSchedule } from './due-schedule.ts';

const HOUR = 3_600_000;
const schedule = { name: 'nightly', everyHours: 24, setAt: 100 * HOUR } as FitSchedule;

function due(hour: number, ...runs: { at: number; status: FitRun['status']; by?: string }[]): boolean {
  const fits = runs.map(({ at, status, by = 'nightly' }, i) => [
    String(i),
    { schedule: by, requestedAt: at * HOUR, status } as FitRun,
  ]);
  const state = { fits: new Map(fits as never), fitSchedules: new Map([['nightly', schedule]]) };
  return dueSchedule(state as unknown as ConfigState, hour * HOUR) !== undefined;
}

describe('dueSchedule', () => {
  it('is due at once, and then its hours after it ran last, however that ended', () => {
    expect(due(100)).toBe(true);
    expect(due(123, { at: 100, status: 'succeeded' })).toBe(false);
    expect(due(124, { at: 100, status: 'failed' })).toBe(true);
    expect(due(124, { at: 100, status: 'succeeded' }, { at: 120, status: 'cancelled' })).toBe(false);
  });

  it('does not queue up, and begins anew when it is set anew', () => {
    expect(due(200, { at: 100, status: 'queued' })).toBe(false);
    expect(due(101, { at: 99, status: 'succeeded' })).toBe(true);
    expect(due(101, { at: 100, status: 'succeeded', by: 'weekly' })).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { duration, progressLine } from './progress-line.ts';

const moment = {
  doing: 'importing',
  done: 500,
  total: 1000,
  doneBefore: 0,
  rows: 12_000,
  rowsBefore: 0,
  seconds: 10,
};

describe('progressLine', () => {
  it('shows share, rows, rate and time left', () => {
    expect(progressLine(moment)).toBe(
      'importing [############............] 50.0 %  12,000 rows  1,200/s  0:10 left',
    );
  });

  it('counts the pace of this run only', () => {
    const line = progressLine({ ...moment, doneBefore: 400, rowsBefore: 11_000 });
    expect(line).toMatch(/100\/s {2}0:50 left$/);
  });

  it('promises nothing before it knows a pace', () => {
    expect(progressLine({ ...moment, done: 0, rows: 0, seconds: 0 })).toBe(
      `importing [${'.'.repeat(24)}] 0.0 %`,
    );
    expect(progressLine({ ...moment, total: 0, done: 0, rows: 0 })).toContain('100.0 %');
  });
});

describe('duration', () => {
  it.each([
    [0, '0:00'],
    [6.2, '0:07'],
    [750, '12:30'],
    [7509, '2:05:09'],
  ])('%d s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clickHouseTime, isoTime } from './time.ts';

describe('isoTime', () => {
  it('equals toISOString for every moment that a log can hold', () => {
    const moments = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
    fc.assert(fc.property(moments, (ms) => expect(isoTime(ms)).toBe(new Date(ms).toISOString())));
  });
});

describe('clickHouseTime', () => {
  it('is what ClickHouse reads as DateTime64(3)', () => {
    expect(clickHouseTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe('2026-01-02 03:04:05.006');
  });
});

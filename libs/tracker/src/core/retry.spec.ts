import { describe, expect, it } from '@jest/globals';
import { isFinal, LONGEST_WAIT, waitAfter } from './retry.ts';

describe('after an attempt that failed', () => {
  it('gives up what will never be taken, and nothing else', () => {
    expect([400, 413].map(isFinal)).toEqual([true, true]);
    expect([undefined, 401, 403, 404, 408, 429, 500, 502, 503].some(isFinal)).toBe(false);
  });

  it('waits twice as long each time, spread by half, up to a minute', () => {
    expect([1, 2, 3].map((tries) => waitAfter(tries, 0, 0))).toEqual([500, 1_000, 2_000]);
    expect([1, 2, 3].map((tries) => waitAfter(tries, 0, 1))).toEqual([1_000, 2_000, 4_000]);
    expect(waitAfter(50, 0, 1)).toBe(LONGEST_WAIT);
    expect(waitAfter(5_000, 0, 1)).toBe(LONGEST_WAIT);
  });

  it('waits as long as the server says, and not for what is no number', () => {
    expect(waitAfter(1, 120, 0)).toBe(120_000);
    expect(waitAfter(1, NaN, 0)).toBe(500);
  });
});

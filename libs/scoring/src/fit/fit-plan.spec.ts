import { describe, expect, it } from '@jest/globals';
import { choosingDays, churnSplits, heldOutDays } from './fit-plan.ts';

describe('heldOutDays', () => {
  it('judges the very model where enough came after the cutoff', () => {
    expect(heldOutDays({ start: 0, cutoff: 272, newest: 545 }, 365)).toEqual({ cutoff: 272, until: 545 });
    expect(heldOutDays({ start: 0, cutoff: 272, newest: 545 }, 90)).toEqual({ cutoff: 272, until: 362 });
  });

  it('takes the last third where nothing came after, and nothing of a window too short', () => {
    expect(heldOutDays({ start: 0, cutoff: 299, newest: 299 }, 365)).toEqual({ cutoff: 199, until: 299 });
    expect(heldOutDays({ start: 0, cutoff: 299, newest: 305 }, 30)).toEqual({ cutoff: 269, until: 299 });
    expect(heldOutDays({ start: 0, cutoff: 30, newest: 30 }, 365)).toBeNull();
  });

  it('never chooses by what lies after the cutoff', () => {
    expect(choosingDays({ start: 0, cutoff: 299 }, 365)?.until).toBe(299);
  });
});

describe('churnSplits', () => {
  it('lays two horizons into the data', () => {
    expect(churnSplits({ start: 0, cutoff: 300, newest: 400 }, 90)).toEqual({ later: 300, earlier: 210 });
    expect(churnSplits({ start: 0, cutoff: 300, newest: 310 }, 90)).toEqual({ later: 210, earlier: 120 });
    expect(churnSplits({ start: 0, cutoff: 272, newest: 545 }, 273)).toEqual({ later: 272, earlier: null });
    expect(churnSplits({ start: 0, cutoff: 100, newest: 100 }, 90)).toBeNull();
  });
});

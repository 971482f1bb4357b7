import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.ts';
import { KeyedTurns } from './keyed-turns.ts';
import { Slots } from './slots.ts';

describe('turns by key', () => {
  it('follow one another, also after a failure, and do not wait for other keys', async () => {
    const turns = new KeyedTurns();
    const done: string[] = [];
    const work = (name: string, ms: number) => async (): Promise<void> => {
      await pause(ms);
      done.push(name);
      if (name === 'a2') throw new Error(name);
    };
    const all = [
      turns.run('a', work('a1', 30)),
      turns.run('a', work('a2', 1)).catch(() => undefined),
      turns.run('a', work('a3', 1)),
      turns.run('b', work('b1', 1)),
    ];
    await Promise.all(all);
    expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
  });
});

describe('slots', () => {
  it('are no more than there are, and come back', async () => {
    const slots = new Slots(2);
    let busy = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        await slots.take();
        most = Math.max(most, ++busy);
        await pause(1);
        busy--;
        slots.release();
      }),
    );
    expect(most).toBe(2);
  });
});

describe('back-off', () => {
  it('doubles up to two seconds, half of it by chance', () => {
    const least = [1, 2, 3, 10].map((attempt) => backoffMs(attempt, () => 0));
    const most = [1, 2, 3, 10].map((attempt) => backoffMs(attempt, () => 1));
    expect(least).toEqual([25, 50, 100, 1000]);
    expect(most).toEqual([50, 100, 200, 2000]);
  });
});

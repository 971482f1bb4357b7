import { describe, expect, it } from '@jest/globals';
import type { Position } from '#kernel';
import { Progress } from './progress.ts';

const at = (n: bigint): Position => n as Position;

describe('Progress', () => {
  it('wakes those whose position was reached and leaves the others waiting', async () => {
    const progress = new Progress(at(0n));
    const near = progress.reached(at(5n), 10_000);
    const far = progress.reached(at(9n), 20);
    progress.advance(at(7n));
    expect(await near).toBe(true);
    expect(progress.awaited).toBe(true);
    expect(await far).toBe(false);
    expect(progress.awaited).toBe(false);
  });

  it('never goes back', () => {
    const progress = new Progress(at(7n));
    progress.advance(at(3n));
    expect(progress.position).toBe(7n);
  });
});

import { describe, expect, it } from '@jest/globals';
import { SharedTurn } from './shared-turn.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SharedTurn', () => {
  it('lets users in together, and one alone only when they have left', async () => {
    const turn = new SharedTurn();
    const seen: string[] = [];
    const leave: (() => void)[] = [];
    const user = (name: string): Promise<void> =>
      turn.shared(async () => {
        seen.push(`${name} in`);
        await new Promise<void>((resolve) => leave.push(resolve));
        seen.push(`${name} out`);
      });
    const first = [user('a'), user('b')];
    await tick();
    const alone = turn.alone(async () => {
      seen.push('alone in');
      await tick();
      seen.push('alone out');
    });
    const late = user('c');
    await tick();
    expect(seen).toEqual(['a in', 'b in']);
    for (const go of leave.splice(0)) go();
    await Promise.all([...first, alone]);
    await tick();
    for (const go of leave.splice(0)) go();
    await late;
    expect(seen).toEqual(['a in', 'b in', 'a out', 'b out', 'alone in', 'alone out', 'c in', 'c out']);
  });

  it('goes on after work that failed', async () => {
    const turn = new SharedTurn();
    await expect(turn.alone(() => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    await expect(turn.shared(() => Promise.reject(new Error('torn')))).rejects.toThrow('torn');
    expect(await turn.alone(() => Promise.resolve(1))).toBe(1);
    expect(await turn.shared(() => Promise.resolve(2))).toBe(2);
  });
});

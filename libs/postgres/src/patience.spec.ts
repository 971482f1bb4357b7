import { describe, expect, it } from '@jest/globals';
import { PostgresUnavailable } from './errors.ts';
import { patiently } from './patience.ts';

function failing(times: number, error: Error): { attempt: () => Promise<number>; tried: () => number } {
  let tried = 0;
  return {
    attempt: async () => {
      if (++tried <= times) throw error;
      return tried;
    },
    tried: () => tried,
  };
}

describe('patiently', () => {
  const gone = new PostgresUnavailable('gone');

  it('tries again while the server is unavailable', async () => {
    expect(await patiently(10_000, failing(2, gone).attempt)).toBe(3);
  });

  it('ends at once where another attempt would come too late, or nobody wants it', async () => {
    const late = failing(9, gone);
    await expect(patiently(10, late.attempt)).rejects.toBe(gone);
    expect(late.tried()).toBe(1);
    const unwanted = failing(9, gone);
    await expect(patiently(10_000, unwanted.attempt, () => true)).rejects.toBe(gone);
    expect(unwanted.tried()).toBe(1);
  });

  it('ends at once at any other error', async () => {
    const wrong = failing(9, new Error('wrong'));
    await expect(patiently(10_000, wrong.attempt)).rejects.toThrow('wrong');
    expect(wrong.tried()).toBe(1);
  });
});

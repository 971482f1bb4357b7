import { describe, expect, it } from '@jest/globals';
import { compareWithRebuilds } from './testing/as-of-rebuild.ts';

describe('the past as of a recorded time', () => {
  it.each([1, 2])(
    'is what a rebuild up to then gives, at 200 moments of random history %i',
    async (seed) => {
      const compared = await compareWithRebuilds({ seed, events: 300, moments: 200, each: 3 });
      expect(compared.answers).toBe(200 * 6);
      expect(compared.profiles).toBeGreaterThan(600);
      expect(compared.aliases).toBeGreaterThan(10);
      expect(compared.confirmed).toBeGreaterThan(10);
    },
    1_800_000,
  );
});

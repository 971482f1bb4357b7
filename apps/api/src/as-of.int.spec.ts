import { describe, expect, it } from '@jest/globals';
import { compareWithRebuilds } from './testing/as-of-rebuild.ts';

describe('the past as of a recorded time', () => {
  it('is what a rebuild up to then gives', async () => {
    const compared = await compareWithRebuilds({ seed: 8, events: 120, moments: 8, each: 10 });
    expect(compared.answers).toBeGreaterThan(100);
    expect(compared.profiles).toBeGreaterThan(20);
    expect(compared.aliases).toBeGreaterThan(0);
    expect(compared.confirmed).toBeGreaterThan(0);
  }, 300_000);
});

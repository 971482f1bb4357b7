import { describe, expect, it } from '@jest/globals';
import { startTracker } from './index.ts';

describe('on a server', () => {
  it('calls do nothing', () => {
    const tracker = startTracker({ key: 'k', host: 'https://temas.example.com' });
    tracker.identify('u-1');
    tracker.track('Rendered');
    expect(globalThis).not.toHaveProperty('temas');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 50_000 : 1_000;

const limits = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.01, max: 20, noNaN: true }));
const requests = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 3_000 }), events: fc.integer({ min: 1, max: 700 }) }),
  { minLength: 1, maxLength: 60 },
);

describe('RateLimiter', () => {
  it('passes no more than limit × time + burst in any interval, plus what the last request is larger', () => {
    fc.assert(
      fc.property(limits, requests, (limit, asked) => {
        const limiter = new RateLimiter();
        const burst = Math.max(1, limit);
        const granted: { readonly at: number; readonly events: number }[] = [];
        let now = 1_000;
        for (const { wait, events } of asked) {
          now += wait;
          if (limiter.take('k', limit, events, now).outcome === 'granted') granted.push({ at: now, events });
        }
        let worst = 0;
        granted.forEach((first, i) => {
          let passed = 0;
          for (const { at, events } of granted.slice(i)) {
            passed += events;
            const allowed = (limit * (at - first.at)) / 1000 + burst + Math.max(0, events - burst);
            worst = Math.max(worst, passed - allowed);
          }
        });
        expect(worst).toBeLessThan(1e-3);
      }),
      { numRuns: RUNS },
    );
  });

  it('passes a refused request after the time that it names, however large it is', () => {
    fc.assert(
      fc.property(limits, requests, (limit, asked) => {
        const limiter = new RateLimiter();
        let now = 1_000;
        for (const { wait, events } of asked) {
          now += wait;
          const verdict = limiter.take('k', limit, events, now);
          if (verdict.outcome === 'granted') continue;
          expect(verdict.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          now += verdict.retryAfterSeconds * 1000;
          expect(limiter.take('k', limit, events, now).outcome).toBe('granted');
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('passes all of the limit to who asks steadily', () => {
    const limiter = new RateLimiter();
    let passed = 0;
    for (let now = 0; now <= 60_000; now += 10) {
      if (limiter.take('k', 100, 7, now).outcome === 'granted') passed += 7;
    }
    expect(passed).toBeGreaterThan(100 * 60 - 7);
  });

  it('keeps keys apart, bounds what it remembers and stands a clock that goes back', () => {
    const limiter = new RateLimiter();
    expect(limiter.take('a', 1, 1, 5_000).outcome).toBe('granted');
    expect(limiter.take('a', 1, 1, 4_000)).toEqual({ outcome: 'limited', retryAfterSeconds: 1 });
    expect(limiter.take('b', 1, 1, 5_000).outcome).toBe('granted');
    for (let i = 0; i < 25_000; i++) limiter.take(`k${i}`, 1, 1, 5_000);
    expect(limiter.size).toBeLessThanOrEqual(10_000);
    for (let i = 0; i < 1_001; i++) limiter.take(`new${i}`, 1, 1, 10_000);
    expect(limiter.size).toBeLessThanOrEqual(1_001);
  });
});

import { describe, expect, it } from '@jest/globals';
import { holdsCardNumber } from './form-fields.ts';
import { dataOf } from './interactions.ts';
import { worstBurst } from './web-vitals.ts';

describe('automatic calls', () => {
  it.each(['4111 1111 1111 1111', '5500-0000-0000-0004', 'my card: 378282246310005!'])(
    'knows a card: %s',
    (text) => {
      expect(holdsCardNumber(text)).toBe(true);
    },
  );

  it.each(['4111 1111 1111 1112', '+90 532 000 00 00', '12/30', ''])('no card: %s', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });

  it('reads properties of data attributes', () => {
    const dataset = {
      temasEvent: 'Plan Chosen',
      temasPlan: 'pro',
      temasCouponCode: 'x',
      other: '1',
      temasfoo: '2',
    };
    expect(dataOf({ dataset } as never)).toEqual({ plan: 'pro', couponCode: 'x' });
  });

  it('sums the worst burst of layout shifts', () => {
    const shift = (startTime: number, value: number, hadRecentInput = false): never =>
      ({ name: '', duration: 0, startTime, value, hadRecentInput }) as never;
    expect(worstBurst([])).toBe(0);
    expect(
      worstBurst([shift(0, 0.1), shift(900, 0.2), shift(2_000, 0.25), shift(2_100, 9, true)]),
    ).toBeCloseTo(0.3);
    const long = Array.from({ length: 20 }, (_, i) => shift(i * 500, 0.1));
    expect(worstBurst(long)).toBeCloseTo(1);
  });
});

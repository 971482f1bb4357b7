import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatMoney, parseMoney } from './money.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 100_000 : 1_000;
const LIMIT = 10n ** 18n;

const scaled = fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n });
const digits = (max: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{0,${max}}$`));

interface Parts {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: number | undefined;
}

const decimal = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: digits(20).filter((text) => text !== ''),
    fraction: digits(12),
    exponent: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
  })
  .map((parts) => ({
    ...parts,
    text:
      parts.sign +
      parts.whole +
      (parts.fraction === '' ? '' : `.${parts.fraction}`) +
      (parts.exponent === undefined ? '' : `e${parts.exponent}`),
  }));

/** The same by fractions of whole numbers. */
function plainly({ sign, whole, fraction, exponent = 0 }: Parts): bigint | undefined {
  const power = exponent - fraction.length + 4;
  const numerator = BigInt(whole + fraction) * 10n ** BigInt(Math.max(power, 0));
  const denominator = 10n ** BigInt(Math.max(-power, 0));
  const rounded = (2n * numerator + denominator) / (2n * denominator);
  if (rounded >= LIMIT) return undefined;
  return sign === '-' ? -rounded : rounded;
}

describe('money', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(scaled, (money) => {
        expect(formatMoney(money)).toMatch(/^-?\d+\.\d{4}$/);
        expect(parseMoney(formatMoney(money))).toBe(money);
      }),
      { numRuns },
    );
  });

  it('is what arithmetic on whole numbers says of its text', () => {
    fc.assert(
      fc.property(decimal, (parts) => {
        expect(parseMoney(parts.text)).toBe(plainly(parts));
      }),
      { numRuns },
    );
  });

  it('keeps every amount of up to 15 digits that comes as a JSON number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n - 10n ** 15n, max: 10n ** 15n - 1n }), (money) => {
        expect(parseMoney(JSON.parse(formatMoney(money)))).toBe(money);
      }),
      { numRuns },
    );
  });

  it('takes anything without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double().map(String)), (value) => {
        const money = parseMoney(value);
        if (money !== undefined) expect(parseMoney(formatMoney(money))).toBe(money);
      }),
      { numRuns },
    );
  });
});

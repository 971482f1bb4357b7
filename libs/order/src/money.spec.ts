import { describe, expect, it } from '@jest/globals';
import { formatMoney, parseMoney } from './money.ts';

describe('parseMoney', () => {
  it.each([
    ['19.90', '19.9000'],
    [19.9, '19.9000'],
    ['0', '0.0000'],
    [0, '0.0000'],
    [-0, '0.0000'],
    ['-0.00', '0.0000'],
    ['-3.5', '-3.5000'],
    ['+3.5', '3.5000'],
    ['.99', '0.9900'],
    ['007', '7.0000'],
    ['1e3', '1000.0000'],
    ['1.5E-2', '0.0150'],
    [1e-7, '0.0000'],
    ['0e999999999999', '0.0000'],
    ['1e-999999999999', '0.0000'],
    [0.1 + 0.2, '0.3000'],
    [99999999999.9999, '99999999999.9999'],
  ])('reads %p as %s', (value, text) => {
    expect(formatMoney(parseMoney(value) as bigint)).toBe(text);
  });

  it.each([
    ['0.00004999', '0.0000'],
    ['0.00005', '0.0001'],
    ['-0.00005', '-0.0001'],
    ['1.00015', '1.0002'],
    ['1.00025', '1.0003'],
    ['-1.00025', '-1.0003'],
    ['9.99995', '10.0000'],
    ['0.000005', '0.0000'],
    ['5e-5', '0.0001'],
  ])('rounds %s half away from zero to %s', (value, text) => {
    expect(formatMoney(parseMoney(value) as bigint)).toBe(text);
  });

  it('knows the limits of Decimal(18, 4)', () => {
    expect(parseMoney('99999999999999.9999')).toBe(10n ** 18n - 1n);
    expect(parseMoney('-99999999999999.99994')).toBe(1n - 10n ** 18n);
    for (const value of ['99999999999999.99995', '100000000000000', '1e14', '1e999999999999', 1e300]) {
      expect(parseMoney(value)).toBeUndefined();
    }
  });

  it.each([
    ...['', ' ', '.', '-', '1.', 'e5', '1e', '1e1.5', '19,90', '1 299,90', ' 1', '1 ', '1_000', '0x10'],
    ...['₺5', '5 TL', '1.299.90', 'NaN', 'Infinity', '--1', '١٩'],
    ...[Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, [], {}, ['1'], 5n],
  ])('takes %p for no money', (value) => {
    expect(parseMoney(value)).toBeUndefined();
  });
});

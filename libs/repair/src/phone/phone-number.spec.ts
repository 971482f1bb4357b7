import { describe, expect, it } from '@jest/globals';
import { normalisePhones, readPhones } from './phone-number.ts';

function valuesOf(typed: string, country?: string): readonly string[] | string {
  const numbers = normalisePhones(typed, country);
  return numbers.outcome === 'valid' ? numbers.values : numbers.outcome;
}

const ALI = '+905321234567';
const VELI = '+905331234567';

describe('normalisePhones', () => {
  it.each([
    ...[
      '0532 123 45 67',
      '5321234567',
      '+90 (532) 123-45-67',
      '0090532 123 45 67',
      '905321234567',
      '+900532 123 45 67',
    ],
    ...[
      '٠٥٣٢١٢٣٤٥٦٧',
      '0532.123.45.67',
      '0532/123 45 67',
      '\u202a+905321234567\u202c',
      'Tel: 0532 123 45 67',
    ],
    ...[
      'tel:+905321234567',
      '0532 123 45 67 (cep)',
      'GSM 0532 1234567',
      '(Cep) 532 123 45 67',
      '0532 123 45 67 dahili 12',
    ],
    ...[
      '0532 123 45 67 dah.12',
      '0532 123 45 67 ext. 4',
      '0532 123 45 67 x4',
      '0532 123 45 67;ext=12',
      '0532 123 45 67/68',
    ],
    ...['0532 123 45 67, 0212 293 10 20', '0532 123 45 67 / 5555555555', '０５３２１２３４５６７'],
    ...[
      '(+90) 532 123 45 67',
      '(+90)5321234567',
      '(0090) 532 123 45 67',
      '+90 (0) 532 123 45 67',
      '5321234567.0',
    ],
  ])('reads one mobile number from %j', (typed) => {
    expect(valuesOf(typed)).toEqual([ALI]);
  });

  it.each([
    ...['0532 123 45 67 / 0533 123 45 67', '05321234567;05331234567', '0532 123 45 67, 0533 123 45 67'],
    ...['0532 123 45 67 0533 123 45 67', '05321234567 +905331234567'],
    ...['0532 123 45 67 - 0533 123 45 67', '0532 123 45 67 ve 0533 123 45 67', '+905321234567|+905331234567'],
    ...['Cep: 0532 123 45 67\nİş: 0533 123 45 67', '0532 123 45 67 dahili 3 / 0533 123 45 67'],
  ])('keeps both numbers of %j', (typed) => {
    expect(valuesOf(typed)).toEqual([ALI, VELI]);
  });

  it('says one number once', () => {
    expect(valuesOf('0532 123 45 67 / +905321234567')).toEqual([ALI]);
  });

  it.each([
    '0212 293 10 20',
    '444 0 123',
    '0850 222 00 00',
    '0800 123 45 67',
    '0900 123 45 67',
    '1234',
    'ayşe',
    '',
  ])('takes no identifier from %j', (typed) => {
    expect(valuesOf(typed)).toBe('invalid');
  });

  it.each([
    '5555555555',
    '+90 555 555 55 55',
    '0000000000',
    '1234567890',
    '5555555555 / 1111111111',
    '0532 000 00 00',
  ])('blocks %j', (typed) => {
    expect(valuesOf(typed)).toBe('blocked');
  });

  it('reads numbers without a code in the country of their source', () => {
    expect(valuesOf('0151 23456789', 'DE')).toEqual(['+4915123456789']);
    expect(valuesOf('07911 123456', 'GB')).toEqual(['+447911123456']);
    expect(valuesOf('+90 532 123 45 67', 'DE')).toEqual([ALI]);
  });
});

describe('readPhones', () => {
  it.each([
    ['0532 123 45 67', 'mobile', 'TR', true],
    ['0212 293 10 20', 'fixed_line', 'TR', false],
    ['444 0 123', 'uan', 'TR', false],
    ['0850 222 00 00', 'voip', 'TR', false],
    ['0800 123 45 67', 'toll_free', 'TR', false],
    ['0900 123 45 67', 'premium', 'TR', false],
    ['+1 415 555 2671', 'mobile', 'US', true],
    ['+800 2468 1357', 'toll_free', null, false],
  ])('tells of %s that it is %s in %s', (typed, type, country, eligible) => {
    expect(readPhones(typed)).toMatchObject([{ outcome: 'valid', type, country, eligible }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { normaliseIdentifier, type Normalised } from './normalise.ts';

function outcomeOf(namespace: string, raw: unknown): string {
  const normalised: Normalised = normaliseIdentifier(namespace, raw);
  return normalised.outcome === 'valid' ? normalised.value : normalised.outcome;
}

describe('e-mail', () => {
  it.each([
    ['ali@gmail.com', 'ali@gmail.com'],
    ['  Ali@Gmail.COM ', 'ali@gmail.com'],
    ['mailto:ali@gmail.com', 'ali@gmail.com'],
    ['MAILTO:<ali@gmail.com>;', 'ali@gmail.com'],
    ['"ali@gmail.com",', 'ali@gmail.com'],
    ["'ali@gmail.com'", 'ali@gmail.com'],
    ['ali@gmail.com.', 'ali@gmail.com'],
    ['ali\u200b@gmail.com\u00a0', 'ali@gmail.com'],
    ['\ufeffali@gmail.com', 'ali@gmail.com'],
    ['İBRAHİM@GMAIL.COM', 'ibrahim@gmail.com'],
    ['INFOS@FIRMA.COM.TR', 'infos@firma.com.tr'],
    ['IŞIK@HOTMAIL.COM', 'işik@hotmail.com'],
    ['I\u0307pek@GMAI\u0307L.com', 'ipek@gmail.com'],
    ['c\u0327ag\u0306la@firma.com.tr', 'çağla@firma.com.tr'],
    ['ali@müşteri.com', 'ali@xn--mteri-kva70e.com'],
    ['ali@MÜŞTERİ.com', 'ali@xn--mteri-kva70e.com'],
    ["o'brien+shop@firma.co.uk", "o'brien+shop@firma.co.uk"],
    ['ali@gmail.con', 'ali@gmail.con'],
    ['ayse@example.com', 'ayse@example.com'],
  ])('takes %j as %s', (typed, canonical) => {
    expect(outcomeOf('email', typed)).toBe(canonical);
  });

  it.each([
    ['ali'],
    ['ali@gmail'],
    ['ali@@gmail.com'],
    ['ali@a@gmail.com'],
    ['@gmail.com'],
    ['ali @gmail.com'],
    ['ali..veli@gmail.com'],
    ['.ali@gmail.com'],
    ['ali@gmail..com'],
    ['ali@-gmail.com'],
    ['ali@127.0.0.1'],
    ['ali@ş\tb.com'],
    ['ali@ş%2e.com'],
    [`${'a'.repeat(65)}@gmail.com`],
    [`ali@${'abcdefgh.'.repeat(30)}com`],
    ['.'.repeat(30_000)],
    ['ali@gmail.com, veli@gmail.com'],
    [5],
  ])('refuses %j', (typed) => {
    expect(outcomeOf('email', typed)).toBe('invalid');
  });

  it.each([
    ['test@test.com'],
    ['TEST@Test.com'],
    ['a@a.com'],
    ['test@example.com'],
    ['noreply@firma.com'],
    ['no-reply@firma.com'],
    ['no_reply+17@firma.com'],
    ['do-not-reply@firma.com'],
    ['info@firma.com.tr'],
    ['İNFO@firma.com.tr'],
    ['satış@firma.com'],
    ['null'],
    [''.padEnd(4, '-')],
  ])('blocks %j', (typed) => {
    expect(outcomeOf('email', typed)).toBe('blocked');
  });
});

describe('phone', () => {
  it.each([
    ['0532 123 45 67'],
    ['5321234567'],
    [5321234567],
    ['+90 (532) 123-45-67'],
    ['0090532 123 45 67'],
    ['905321234567'],
    ['+900532 123 45 67'],
    ['٠٥٣٢١٢٣٤٥٦٧'],
    ['\u202a+905321234567\u202c'],
    ['+905321234567'],
  ])('takes %j as one Turkish mobile', (typed) => {
    expect(outcomeOf('phone', typed)).toBe('+905321234567');
  });

  it('keeps other countries', () => {
    expect(outcomeOf('phone', '+49 151 23456789')).toBe('+4915123456789');
    // North America does not tell mobile numbers from landlines.
    expect(outcomeOf('phone', '+1 415 555 2671')).toBe('+14155552671');
  });

  it.each([
    ['0212 293 10 20', 'a landline'],
    ['444 0 123', 'a switchboard'],
    ['0850 222 00 00', 'voice over IP'],
    ['0800 123 45 67', 'toll-free'],
    ['0532 123 45 67 / 0533 123 45 67', 'two numbers, for a look-up'],
    ['1234', 'too short'],
    ['ayşe', 'no number'],
    ['5'.repeat(4000), 'endless'],
  ])('refuses %j: %s', (typed) => {
    expect(outcomeOf('phone', typed)).toBe('invalid');
  });

  it.each([
    ['5555555555'],
    ['+90 555 555 55 55'],
    ['0000000000'],
    ['1234567890'],
    ['0123456789'],
    ['undefined'],
  ])('blocks %j', (typed) => {
    expect(outcomeOf('phone', typed)).toBe('blocked');
  });
});

describe('opaque keys', () => {
  it.each([
    ['u-1', 'u-1'],
    ['  u-1\n', 'u-1'],
    ['U-1', 'U-1'],
    [17, '17'],
    ['i\u0307', 'i\u0307'],
    ['e\u0301', '\u00e9'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['e\u0301'.repeat(255), '\u00e9'.repeat(255)],
    ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'],
    ['guest-17', 'guest-17'],
  ])('takes %j', (raw, canonical) => {
    expect(outcomeOf('user_id', raw)).toBe(canonical);
  });

  it.each([
    ['x'.repeat(256)],
    ['x'.repeat(30_000)],
    ['\ud800'],
    [{ id: 1 }],
    [['u-1']],
    [2 ** 53 + 2],
    [Number.NaN],
  ])('refuses %j', (raw) => {
    expect(outcomeOf('user_id', raw)).toBe('invalid');
  });

  it.each([[undefined], [null], [''], ['  ']])('takes %j as not named', (raw) => {
    expect(outcomeOf('user_id', raw)).toBe('absent');
  });

  it.each([
    ['null'],
    ['NULL'],
    ['undefined'],
    ['None'],
    ['nil'],
    ['NaN'],
    ['[object Object]'],
    ['0'],
    [0],
    ['-1'],
    [-1],
    ['true'],
    ['FALSE'],
    [true],
    ['anonymous'],
    ['Guest'],
    ['unknown'],
    ['"null"'],
    ["'undefined'"],
    ['(null)'],
    ['<null>'],
    ['""'],
    ['00000000-0000-0000-0000-000000000000'],
    ['"00000000-0000-0000-0000-000000000000"'],
    ['00000000000000000000000000000000'],
  ])('blocks %j in every namespace', (raw) => {
    for (const namespace of ['user_id', 'anonymous_id', 'idfa', 'crm_id', 'email', 'phone', 'x']) {
      expect(outcomeOf(namespace, raw)).toBe('blocked');
    }
  });

  it('blocks dummy national ids, also those that pass the checksum', () => {
    for (const id of ['11111111111', '11111111110', '1111111111', '2222222222', '1234567890']) {
      expect(outcomeOf('national_id', id)).toBe('blocked');
    }
    expect(outcomeOf('national_id', '10000000146')).toBe('10000000146');
  });
});

import { expect, it } from '@jest/globals';
import { readBirthDate } from './birth-date.ts';
import { normaliseEmail } from './email/email-address.ts';
import { emailFacts } from './email/email-facts.ts';
import { emailMatchKey } from './email/match-key.ts';
import { repairEmail, repairTypedEmail } from './email/repair-email.ts';
import { cleanName, nameMatchKey } from './name/clean-name.ts';
import { readNationalId } from './national-id.ts';
import { normalisePhones } from './phone/phone-number.ts';
import { cleanCity } from './place/clean-city.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 1_000_000 : 5_000;

/** The same strings in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  ...[
    'ali',
    'şükrü',
    'IŞIK',
    'İBRAHİM',
    'i\u0307',
    'ı',
    'İ',
    'dr.',
    'Prof. ',
    'TEST',
    "O'",
    '-',
    ' ',
    '  ',
    '\u200b',
  ],
  ...[
    '@',
    '@',
    '@',
    '.',
    '.',
    '..',
    '+',
    ',',
    ';',
    '/',
    '<',
    '>',
    '"',
    "'",
    '(',
    ')',
    'mailto:',
    '\u00a0',
    '\ufeff',
  ],
  ...[
    'gmail',
    'gmial',
    'gmaıl',
    'hotmal',
    'hotmail',
    'outlook',
    'firma',
    'müşteri',
    'xn--gmal-nza',
    'xn--',
    'yaho',
  ],
  ...[
    'com',
    'con',
    'co',
    'com.tr',
    'con.tr',
    'comtr',
    'com.t',
    'tr',
    'org',
    'local',
    'istanbul',
    'c0m',
    'cpm',
  ],
  ...[
    '0532',
    '123',
    '45',
    '67',
    '+90',
    '0090',
    '5555555555',
    '444',
    'dahili',
    '١٢٣',
    '1990-',
    '05',
    '17',
    '19191919190',
  ],
  ...[
    '\ud800',
    '\udfff',
    '😀',
    'e\u0301',
    'ß',
    'ǆ',
    'Σ',
    'ς',
    '李',
    '\0',
    '\t',
    '\n',
    '%2e',
    '__proto__',
    'constructor',
  ],
];

function typed(next: () => number): string {
  const pieces = Math.floor(next() * 9);
  let text = '';
  for (let i = 0; i < pieces; i++) {
    text +=
      next() < 0.8
        ? (PIECES[Math.floor(next() * PIECES.length)] as string)
        : String.fromCharCode(Math.floor(next() * (next() < 0.5 ? 0x180 : 0x1_0000)));
  }
  return next() < 0.01 ? text.repeat(60) : text;
}

function settles(text: string): void {
  const canonical = normaliseEmail(text);
  const repair = repairTypedEmail(text);
  if (canonical !== undefined) {
    if (normaliseEmail(canonical) !== canonical) expect(normaliseEmail(canonical)).toBe(canonical);
    emailFacts(canonical);
    emailMatchKey(canonical);
  }
  if (repair.outcome !== 'keep') {
    const { value } = repair;
    if (normaliseEmail(value) !== value) expect(normaliseEmail(value)).toBe(value);
    if (repairEmail(value).outcome === 'correction')
      expect([text, repairEmail(value)]).toEqual([text, 'settled']);
  }
  const phones = normalisePhones(text);
  for (const value of phones.outcome === 'valid' ? phones.values : []) {
    expect(normalisePhones(value)).toEqual({ outcome: 'valid', values: [value] });
  }
  const name = cleanName(text);
  if (name.outcome === 'name' && name.title === '') {
    const again = cleanName(name.display);
    if (again.outcome !== 'name' || again.display !== name.display)
      expect([text, again]).toEqual([text, name]);
  }
  const key = nameMatchKey(text);
  if (nameMatchKey(key) !== key) expect([text, nameMatchKey(key)]).toEqual([text, key]);
  const city = cleanCity(text);
  if (city.outcome === 'city' && JSON.stringify(cleanCity(city.display)) !== JSON.stringify(city)) {
    expect([text, cleanCity(city.display)]).toEqual([text, city]);
  }
  const date = readBirthDate(text, '2026-11-23');
  if (date.outcome === 'date') expect(readBirthDate(date.value, '2026-11-23')).toEqual(date);
  const id = readNationalId(text);
  if (id.outcome === 'valid') expect(readNationalId(id.value)).toEqual(id);
}

it(`settles ${RUNS} random strings: nothing throws, doing it again changes nothing`, () => {
  const next = random(20_261_123);
  for (let i = 0; i < RUNS; i++) settles(typed(next));
}, 900_000);

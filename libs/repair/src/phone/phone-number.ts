import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { isDummyNumber } from '../dummy-number.ts';

const LONGEST_TYPED = 64;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Country of numbers without a country code, ISO 3166-1 alpha-2, where nothing else is configured. */
export const DEFAULT_COUNTRY = 'TR';

/** True for a country that has telephone numbers, ISO 3166-1 alpha-2. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

/** Kinds of numbers; `other` are those that belong to no one in particular (paging, personal, shared cost, …). */
export type PhoneType = 'mobile' | 'fixed_line' | 'voip' | 'uan' | 'toll_free' | 'premium' | 'other';

/** What one number in a field is. */
export type PhoneReading =
  | {
      readonly outcome: 'valid';
      /** E.164. Personal data. */
      readonly value: string;
      readonly type: PhoneType;
      /** ISO 3166-1 alpha-2; `null` for numbers of no country. */
      readonly country: string | null;
      /** Only a number that one person carries may tell who somebody is: a mobile one. */
      readonly eligible: boolean;
    }
  | { readonly outcome: 'invalid' }
  /** Typed to get past a form. */
  | { readonly outcome: 'blocked' };

/** What a field holds as an identifier: the eligible numbers, or why there is none. */
export type PhoneNumbers =
  | { readonly outcome: 'valid'; readonly values: readonly string[] }
  | { readonly outcome: 'invalid' }
  | { readonly outcome: 'blocked' };

const INVALID = { outcome: 'invalid' } as const;
const BLOCKED = { outcome: 'blocked' } as const;

/**
 * Eligible numbers of a field in canonical form (E.164), each once. `invalid`: no number, or only such as many people
 * share (landline, switchboard, toll-free). `country`: that of numbers without a code.
 */
export function normalisePhones(typed: string, country: string = DEFAULT_COUNTRY): PhoneNumbers {
  const readings = readPhones(typed, country);
  const values = readings.flatMap((one) => (one.outcome === 'valid' && one.eligible ? [one.value] : []));
  if (values.length > 0) return { outcome: 'valid', values: [...new Set(values)] };
  return readings.some(({ outcome }) => outcome === 'blocked') ? BLOCKED : INVALID;
}

/** Every number of a field, in its order: people write two of them into one, and words around them. */
export function readPhones(typed: string, country: string = DEFAULT_COUNTRY): readonly PhoneReading[] {
  if (typed.length > LONGEST_TYPED) return [INVALID];
  const text = typed.replace(INVISIBLE, '').replace(DECIMAL, '$1').replace(CODE_IN_BRACKETS, '$1 ');
  // The parser would take what follows a semicolon for a parameter of the first number.
  const whole = SEVERAL.test(text) ? INVALID : readPhone(text, country);
  if (whole.outcome !== 'invalid') return [whole];
  const both = text.split(NEXT_NUMBER).map((part) => readPhone(part, country));
  if (both.length > 1 && both.every(({ outcome }) => outcome === 'valid')) return both;
  const parts = splitField(text);
  if (parts.length === 1 && parts[0] === text) return [INVALID];
  return parts.length === 0 ? [INVALID] : parts.map((part) => readPhone(part, country));
}

const SEVERAL = /[;,|\n\r]/;
/** What spreadsheets make of a number: `5321234567.0`. */
const DECIMAL = /^(\s*\d{10,12})\.0+\s*$/;
const CODE_IN_BRACKETS = /\(\s*((?:\+|00)\d{1,3})\s*\)/g;
/** A blank between two numbers, where nothing else parts them. */
const NEXT_NUMBER = /\s+(?=[+0])/;
const SEPARATORS = /[;,|\n\r\t/]+|\s(?:ve|veya|and|or|yada|ya da)\s|\s[-–—&+]\s(?=[+0(])|\s{2,}(?=[+0])/gi;
const WORDS_BEFORE = /^[^\d+(]{1,24}(?=[\d+(])|^\([^\d)]{1,24}\)/u;
const WORDS_AFTER = /(?<=\d)[^\d]{1,24}$/u;
const EXTENSION = /\s*(?:dahili|dah\.?|iç\s*hat|extension|ext?\.?|int\.?|#)\s*[.:]?\s*\d{1,6}\s*$/iu;

function splitField(text: string): string[] {
  return text
    .split(SEPARATORS)
    .map((part) =>
      part.trim().replace(WORDS_BEFORE, '').replace(EXTENSION, '').replace(WORDS_AFTER, '').trim(),
    )
    .filter((part) => /\d/.test(part));
}

function readPhone(text: string, country: string): PhoneReading {
  if (isDummyNumber(text.replace(/\D/g, ''))) return BLOCKED;
  const number = parsePhoneNumberFromString(text, {
    defaultCountry: country as CountryCode,
    extract: false,
  });
  if (number === undefined || !number.isValid()) return INVALID;
  if (isDummyNumber(number.nationalNumber) || NO_SUBSCRIBER.test(number.nationalNumber)) return BLOCKED;
  const type = TYPES.get(number.getType() ?? '') ?? 'other';
  return {
    outcome: 'valid',
    value: number.number,
    type,
    country: number.country ?? null,
    eligible: type === 'mobile',
  };
}

/** An operator's code and nobody behind it. */
const NO_SUBSCRIBER = /^\d{2,3}0{7}$/;

/** North America does not tell mobile numbers from landlines: theirs count as mobile. */
const TYPES: ReadonlyMap<string, PhoneType> = new Map([
  ['MOBILE', 'mobile'],
  ['FIXED_LINE_OR_MOBILE', 'mobile'],
  ['FIXED_LINE', 'fixed_line'],
  ['VOIP', 'voip'],
  ['UAN', 'uan'],
  ['TOLL_FREE', 'toll_free'],
  ['PREMIUM_RATE', 'premium'],
]);

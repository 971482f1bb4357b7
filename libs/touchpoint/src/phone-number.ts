import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isDummyNumber } from './block-list.ts';

const LONGEST_TYPED = 64;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

const INVALID = { outcome: 'invalid' } as const;
const BLOCKED = { outcome: 'blocked' } as const;

/** What a typed phone number is. `blocked`: typed to get past a form. */
export type PhoneNumber =
  | { readonly outcome: 'valid'; readonly value: string }
  | { readonly outcome: 'invalid' }
  | { readonly outcome: 'blocked' };

/**
 * Canonical form (E.164) of a mobile number; a number without country code is read as Turkish. `invalid`: no
 * number, or one that many people share (landline, switchboard, toll-free).
 */
export function normalisePhone(typed: string): PhoneNumber {
  if (typed.length > LONGEST_TYPED) return INVALID;
  if (isDummyNumber(typed.replace(/\D/g, ''))) return BLOCKED;
  const number = parsePhoneNumberFromString(typed.replace(INVISIBLE, ''), {
    defaultCountry: 'TR',
    extract: false,
  });
  if (number === undefined) return INVALID;
  const type = number.getType();
  if (type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE') return INVALID;
  return isDummyNumber(number.nationalNumber) ? BLOCKED : { outcome: 'valid', value: number.number };
}

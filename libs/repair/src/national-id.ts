import { isDummyNumber } from './dummy-number.ts';

/** What a typed national or tax id is. `blocked`: one that stands on invoices for "not known". */
export type NationalId =
  | {
      readonly outcome: 'valid';
      /** Digits only. */
      readonly value: string;
      /** `tckn`: a person's, 11 digits. `vkn`: a tax payer's, 10 digits. */
      readonly kind: 'tckn' | 'vkn';
    }
  | { readonly outcome: 'invalid' }
  | { readonly outcome: 'blocked' };

const INVALID = { outcome: 'invalid' } as const;
const BLOCKED = { outcome: 'blocked' } as const;
const SEPARATORS = /[\s.-]/g;

/** Pass their checksums, and are typed for walk-in buyers all the same. */
const DUMMIES: ReadonlySet<string> = new Set(['11111111110', '12345678950', '1234567890']);

/**
 * Reads a Turkish national id (T.C. kimlik no: 11 digits) or tax id (VKN: 10 digits) by its checksum, blanks and dots
 * between the digits left aside. A checksum and a block list: each lets values pass that the other stops.
 */
export function readNationalId(typed: string): NationalId {
  if (typed.length > 40) return INVALID;
  const value = typed.replace(SEPARATORS, '');
  if (!/^\d{10,11}$/.test(value)) return INVALID;
  if (isDummyNumber(value) || DUMMIES.has(value)) return BLOCKED;
  if (value.length === 11) return isTckn(value) ? { outcome: 'valid', value, kind: 'tckn' } : INVALID;
  return isVkn(value) ? { outcome: 'valid', value, kind: 'vkn' } : INVALID;
}

/**
 * Digits d1…d11, d1 ≠ 0: d10 = (7 × (d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10, d11 = (d1+…+d10) mod 10. The published
 * algorithm of the population register.
 */
function isTckn(text: string): boolean {
  if (text.startsWith('0')) return false;
  const d = [...text].map(Number);
  const sum = (indexes: readonly number[]): number =>
    indexes.reduce((total, i) => total + (d[i] as number), 0);
  const tenth = (((7 * sum([0, 2, 4, 6, 8]) - sum([1, 3, 5, 7])) % 10) + 10) % 10;
  return tenth === d[9] && sum([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) % 10 === d[10];
}

/**
 * Digits d1…d10: for i from 1 to 9, p = (d_i + 10 − i) mod 10 and q = p × 2^(10−i) mod 9, 9 where p ≠ 0 and q = 0;
 * d10 = (10 − Σq mod 10) mod 10. The published algorithm of the revenue administration.
 */
function isVkn(text: string): boolean {
  const d = [...text].map(Number);
  let sum = 0;
  for (let i = 1; i <= 9; i++) {
    const p = ((d[i - 1] as number) + 10 - i) % 10;
    const q = (p * 2 ** (10 - i)) % 9;
    sum += p !== 0 && q === 0 ? 9 : q;
  }
  return (10 - (sum % 10)) % 10 === d[9];
}

/** What may be shown of a national id: its last two digits. */
export function maskNationalId(value: string): string {
  return `${'•'.repeat(Math.max(0, value.length - 2))}${value.slice(-2)}`;
}

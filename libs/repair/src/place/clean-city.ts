import { cased } from '../name/casing.ts';
import { nameMatchKey, spaced } from '../name/clean-name.ts';
import { foldTurkish } from '../turkish.ts';
import { ABROAD, FORMER_NAMES, PROVINCES } from './provinces.ts';

/** A city made ready to be shown. The raw one stays beside it. */
export type CleanCity =
  | {
      readonly outcome: 'city';
      /** For the eye: as it is written. */
      readonly display: string;
      /** For comparing: capital letters without marks. */
      readonly matchKey: string;
      /** True for one of the 81 provinces of Türkiye. */
      readonly known: boolean;
    }
  /** Typed for "none". */
  | { readonly outcome: 'placeholder' }
  | { readonly outcome: 'invalid' };

const BY_LETTERS: ReadonlyMap<string, string> = new Map([
  ...PROVINCES.map((name) => [foldTurkish(name), name] as const),
  ...Object.entries(FORMER_NAMES),
]);
const KNOWN: ReadonlySet<string> = new Set(PROVINCES);
const NONE: ReadonlySet<string> = new Set([
  ...[
    'yok',
    'bos',
    'test',
    'deneme',
    'diger',
    'other',
    'seciniz',
    'sehir seciniz',
    'il seciniz',
    'null',
    'undefined',
  ],
  ...['none', 'na', 'n/a', 'unknown', 'bilinmiyor', 'xxx', 'city', 'sehir', 'il'],
]);
const SPELT: ReadonlyMap<string, string> = new Map(ABROAD.map((name) => [foldTurkish(name), name]));
const LONGEST_CITY = 100;

/** Cleans a city for display: provinces of Türkiye by their letters whatever the case, others like names. */
export function cleanCity(raw: string): CleanCity {
  if (raw.length > LONGEST_CITY) return { outcome: 'invalid' };
  const text = spaced(raw);
  if (!/\p{L}/u.test(text)) return { outcome: 'invalid' };
  const letters = foldTurkish(text);
  if (NONE.has(letters)) return { outcome: 'placeholder' };
  const bare = letters.replaceAll('.', ' ').replace(/\s+/g, ' ').trim();
  const province = BY_LETTERS.get(bare) ?? BY_LETTERS.get(bare.replaceAll(' ', ''));
  const display = province ?? cased(text, SPELT);
  return { outcome: 'city', display, matchKey: nameMatchKey(display), known: KNOWN.has(display) };
}

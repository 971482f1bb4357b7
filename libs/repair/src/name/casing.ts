import { foldTurkish, lowerTurkish, upperTurkish } from '../turkish.ts';
import { SPELT } from './spelt-names.ts';

const FOREIGN = /[qwxQWX]/;
const TURKISH_ONLY = /[İıŞşĞğÇçÖöÜü]/;
const WORD = /[\p{L}\p{M}]+/gu;

/**
 * A name as it is written: words typed all in capitals or all in small letters get their capitals by Turkish rules
 * (`IŞIK` is `Işık`, `İBRAHİM` is `İbrahim`). Words that mix both were written with care and stay, and so do small
 * ones beside them (`Vincent van Gogh`). Words with `q`, `w` or `x` are no Turkish ones.
 */
export function cased(text: string, spelt: ReadonlyMap<string, string> = SPELT): string {
  const words = text.match(WORD) ?? [];
  const careful = words.some((word) => !isUpper(word) && !isLower(word));
  // Typed without any letter of Turkish: the capital I of `DENIZ` may be either.
  const unsure = !TURKISH_ONLY.test(text);
  return text.replace(WORD, (word) => {
    if (isLower(word)) return careful ? word : capitalised(word, spelt, false);
    return isUpper(word) && word.length > 1 ? capitalised(word, spelt, unsure) : word;
  });
}

function isUpper(word: string): boolean {
  return word === upperTurkish(word) || word === word.toUpperCase();
}

function isLower(word: string): boolean {
  return word === lowerTurkish(word) || word === word.toLowerCase();
}

function capitalised(word: string, spelt: ReadonlyMap<string, string>, unsure: boolean): string {
  const known = unsure ? (spelt.get(foldTurkish(word)) ?? harmonised(word)) : undefined;
  if (known !== undefined) return known;
  const [first = '', ...rest] = word.normalize('NFC');
  // ß and ligatures have no capital of their own.
  if (first.toUpperCase().length > first.length) return word;
  if (FOREIGN.test(word))
    return `${first.toUpperCase()}${rest.join('').replaceAll('İ', 'i').toLowerCase()}`.normalize('NFC');
  return `${upperTurkish(first)}${lowerTurkish(rest.join(''))}`.normalize('NFC');
}

/**
 * `DENIZ`, whose other vowels are front ones, has a dotted `i` by vowel harmony; `undefined` where the word says
 * nothing.
 */
function harmonised(word: string): string | undefined {
  const vowels = word.replace(/[^AEIOU]/g, '');
  if (FOREIGN.test(word) || !vowels.includes('I') || !/^[IE]*E[IE]*$/.test(vowels)) return undefined;
  const first = word.charAt(0) === 'I' ? 'İ' : word.charAt(0);
  return `${first}${word.slice(1).toLowerCase()}`;
}

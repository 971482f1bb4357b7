import { foldTurkish } from '../turkish.ts';
import { cased } from './casing.ts';
import { takeTitles } from './titles.ts';

/** A name made ready to be shown. The raw one stays beside it. */
export type CleanName =
  | {
      readonly outcome: 'name';
      /** For the eye: blanks, titles and capitals put right. Personal data. */
      readonly display: string;
      /** Titles that stood in front, as they are written; empty where there was none. */
      readonly title: string;
      /** For comparing: capital letters without marks and joints. Two people may share it. */
      readonly matchKey: string;
    }
  /** Typed for "nobody": TEST, MİSAFİR, XXX. */
  | { readonly outcome: 'placeholder' }
  /** No letter in it, or no text of a name's length. */
  | { readonly outcome: 'invalid' };

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const CONTROL = /\p{Cc}/gu;
const LONGEST_NAME = 200;

const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...[
    'test',
    'tester',
    'testing',
    'test test',
    'test user',
    'testuser',
    'deneme',
    'deneme deneme',
    'misafir',
  ],
  ...[
    'misafir kullanici',
    'musteri',
    'yok',
    'bos',
    'bilinmiyor',
    'belirtilmemis',
    'isimsiz',
    'adsiz',
    'asdf',
    'asd',
  ],
  ...[
    'qwerty',
    'qwe',
    'null',
    'undefined',
    'none',
    'na',
    'n/a',
    'nan',
    'guest',
    'anonymous',
    'unknown',
    'customer',
  ],
  ...['name', 'surname', 'isim', 'soyisim', 'ad', 'soyad', 'ad soyad', 'adi soyadi', 'firstname', 'lastname'],
  ...[
    'first name',
    'last name',
    'muhtelif',
    'muhtelif musteri',
    'perakende',
    'perakende musteri',
    'nihai tuketici',
  ],
]);
const ONE_SIGN = /^(?:x{2,}|(.)\1{2,})$/u;

/** Cleans a name for display. Pure; cleaning what was cleaned changes nothing. */
export function cleanName(raw: string): CleanName {
  if (raw.length > LONGEST_NAME) return { outcome: 'invalid' };
  const text = spaced(raw);
  if (!/\p{L}/u.test(text)) return { outcome: 'invalid' };
  const { title, rest } = takeTitles(text);
  if (isPlaceholderName(rest)) return { outcome: 'placeholder' };
  const display = cased(rest);
  return { outcome: 'name', display, title, matchKey: nameMatchKey(display) };
}

/** Capital letters without marks, blanks between words only: `İbrahim Işık` and `IBRAHIM ISIK` agree. */
export function nameMatchKey(name: string): string {
  const letters = foldTurkish(spaced(name))
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .toUpperCase();
  return spaced(letters);
}

/** NFC, without invisible signs, one blank where there were several, none at the ends. */
export function spaced(text: string): string {
  return (
    text
      .replace(INVISIBLE, '')
      .replace(CONTROL, ' ')
      .normalize('NFC')
      // What lower-casing İ without a language leaves behind.
      .replaceAll('i\u0307', 'i')
      .replace(/\s+/gu, ' ')
      .trim()
  );
}

function isPlaceholderName(text: string): boolean {
  const bare = foldTurkish(text).replace(/[._-]/g, ' ').replace(/\s+/g, ' ').trim();
  return PLACEHOLDERS.has(bare) || bare.split(' ').every((word) => ONE_SIGN.test(word)) || bare === '';
}

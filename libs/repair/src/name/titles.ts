import { foldTurkish } from '../turkish.ts';

/** Titles by their letters without marks and dots, as they are written. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ...[
    'Prof.',
    'Doç.',
    'Dr.',
    'Yrd.',
    'Öğr.',
    'Gör.',
    'Arş.',
    'Uzm.',
    'Op.',
    'Ord.',
    'Av.',
    'Ecz.',
    'Müh.',
  ].map(entry),
  ...[
    'Mim.',
    'Dt.',
    'Sn.',
    'Sayın',
    'Bay',
    'Bayan',
    'Mr.',
    'Mrs.',
    'Ms.',
    'Miss',
    'Herr',
    'Frau',
    'Dipl.',
    'Ing.',
  ].map(entry),
  ...['Hacı', 'Alb.', 'Yzb.', 'Kpt.'].map(entry),
]);

/** Titles that are names too: only with a dot, which a name never has. */
const WITH_DOT_ONLY: ReadonlySet<string> = new Set([
  'op',
  'ord',
  'mim',
  'gor',
  'ing',
  'dt',
  'ars',
  'haci',
  'av',
  'kpt',
]);

function entry(title: string): [string, string] {
  return [foldTurkish(title).replaceAll('.', ''), title];
}

/** The titles in front of a name and the rest of it. What is nothing but titles is taken as the name. */
export function takeTitles(text: string): { readonly title: string; readonly rest: string } {
  // A dot may stand between title and name without a blank: `Dr.Ayşe`.
  const words = text.replace(/\.(?=\p{L})/gu, '. ').split(' ');
  const taken: string[] = [];
  while (taken.length < words.length - 1) {
    const word = words[taken.length] as string;
    const bare = foldTurkish(word).replaceAll('.', '');
    const title = TITLES.get(bare);
    if (title === undefined || (WITH_DOT_ONLY.has(bare) && !word.endsWith('.'))) break;
    taken.push(title);
  }
  return taken.length === 0
    ? { title: '', rest: text }
    : { title: taken.join(' '), rest: words.slice(taken.length).join(' ') };
}

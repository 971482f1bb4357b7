import { ENGLISH } from './english.ts';
import { TURKISH } from './turkish.ts';
import type { LanguageCode, Words } from './words.ts';

/** Words of a language. */
export function wordsOf(language: LanguageCode): Words {
  return language === 'tr' ? TURKISH : ENGLISH;
}

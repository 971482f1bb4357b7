import type { LanguageCode } from '#explain';
import { problem } from './access.ts';

/** How an explanation is written. */
export type Format = 'json' | 'text' | 'svg';

/** Query of an answer that can be written in several ways. */
export interface PresentationQuery {
  readonly format?: string;
  readonly language?: string;
}

/** Headers that say what a reader likes. */
export interface LikingHeaders {
  readonly accept?: string;
  readonly 'accept-language'?: string;
}

const FORMATS: readonly Format[] = ['json', 'text', 'svg'];
const LANGUAGES: readonly LanguageCode[] = ['en', 'tr'];

/** `format=`, else the first of the `Accept` header's types that there is, else JSON. Throws 400 for another format. */
export function formatOf({ format }: PresentationQuery, { accept = '' }: LikingHeaders): Format {
  if (format !== undefined) {
    const known = FORMATS.find((one) => one === format);
    if (known === undefined) throw problem(400, `"format" must be one of ${FORMATS.join(', ')}`);
    return known;
  }
  for (const type of inOrder(accept)) {
    if (type === 'image/svg+xml') return 'svg';
    if (type === 'text/plain') return 'text';
    if (type === 'application/json' || type === '*/*') return 'json';
  }
  return 'json';
}

/** `language=`, else the first of `Accept-Language` that there is, else English. Throws 400 for another language. */
export function languageOf({ language }: PresentationQuery, headers: LikingHeaders): LanguageCode {
  if (language !== undefined) {
    const known = LANGUAGES.find((one) => one === language);
    if (known === undefined) throw problem(400, `"language" must be one of ${LANGUAGES.join(', ')}`);
    return known;
  }
  for (const tag of inOrder(headers['accept-language'] ?? '')) {
    const known = LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`));
    if (known !== undefined) return known;
  }
  return 'en';
}

/** Entries of such a header, what is liked most first; what is refused (`q=0`) is left out. */
function inOrder(header: string): string[] {
  return header
    .toLowerCase()
    .split(',')
    .map((entry) => {
      const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { name, liking: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ liking }) => liking > 0)
    .sort((a, b) => b.liking - a.liking)
    .map(({ name }) => name);
}

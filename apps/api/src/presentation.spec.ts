import { describe, expect, it } from '@jest/globals';
import { formatOf, languageOf } from './presentation.ts';

describe('formatOf', () => {
  it.each([
    [{}, {}, 'json'],
    [{}, { accept: '*/*' }, 'json'],
    [{}, { accept: 'text/plain' }, 'text'],
    [{}, { accept: 'text/html, image/svg+xml;q=0.9, */*;q=0.8' }, 'svg'],
    [{}, { accept: 'application/json;q=0.5, text/plain' }, 'text'],
    [{ format: 'svg' }, { accept: 'text/plain' }, 'svg'],
  ])('%j with %j is %s', (query, headers, format) => {
    expect(formatOf(query, headers)).toBe(format);
  });

  it('refuses what there is not', () => {
    expect(() => formatOf({ format: 'pdf' }, {})).toThrow();
  });
});

describe('languageOf', () => {
  it.each([
    [{}, {}, 'en'],
    [{}, { 'accept-language': 'tr-TR,tr;q=0.9,en;q=0.8' }, 'tr'],
    [{}, { 'accept-language': 'de, en;q=0.5, tr;q=0.6' }, 'tr'],
    [{}, { 'accept-language': 'tr;q=0, de' }, 'en'],
    [{ language: 'tr' }, { 'accept-language': 'en' }, 'tr'],
  ])('%j with %j is %s', (query, headers, language) => {
    expect(languageOf(query, headers)).toBe(language);
  });

  it('refuses what there is not', () => {
    expect(() => languageOf({ language: 'fr' }, {})).toThrow();
  });
});

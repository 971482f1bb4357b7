import { expect, it } from '@jest/globals';
import { visitOrigin } from './visit-origin.ts';

const URL_WITH_ALL =
  'https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=spring+sale&gclid=x#top?utm_source=no';

it('believes the campaign of the context before the address', () => {
  expect(visitOrigin({ name: 'own', medium: 'cpc' }, URL_WITH_ALL)).toEqual({
    campaign: 'own',
    source: 'news',
    medium: 'cpc',
    clickId: 'gclid',
  });
  expect(visitOrigin({}, URL_WITH_ALL).campaign).toBe('spring sale');
});

it('says nothing where nothing is said', () => {
  const nothing = { campaign: '', source: '', medium: '', clickId: '' };
  for (const url of [
    '',
    'no address',
    'https://shop.example/',
    'https://shop.example/?gclid=',
    `https://a/?utm_source=${'x'.repeat(9_000)}`,
  ])
    expect(visitOrigin({}, url)).toEqual(nothing);
});

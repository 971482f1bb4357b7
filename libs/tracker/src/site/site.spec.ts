import { describe, expect, it } from '@jest/globals';
import { isOtherSite, maySetCookie } from './domains.ts';
import { tokenOf, withoutToken, withToken } from './token.ts';

describe('an address with a token', () => {
  it.each([
    ['https://a.example/', 'https://a.example/?temas_v=T-_1'],
    ['https://a.example/x?q=a%20b+c&r=', 'https://a.example/x?q=a%20b+c&r=&temas_v=T-_1'],
    ['https://a.example/x#/part?y', 'https://a.example/x?temas_v=T-_1#/part?y'],
  ])('of %s', (href, decorated) => {
    expect(withToken(href, 'T-_1')).toBe(decorated);
    expect(tokenOf(decorated)).toBe('T-_1');
    expect(withoutToken(decorated)).toBe(href);
  });

  it('is freed of it wherever it stands', () => {
    expect(withoutToken('https://a.example/x?temas_v=t&q=1#p')).toBe('https://a.example/x?q=1#p');
    expect(withoutToken('https://a.example/x?p=0&temas_v=t&q=1')).toBe('https://a.example/x?p=0&q=1');
    expect(withoutToken('https://a.example/x?&y#z?')).toBe('https://a.example/x?&y#z?');
    expect(tokenOf('https://a.example/x?y')).toBe('');
  });
});

describe('domains', () => {
  const sites = ['shop.example', 'blog.example'];
  it.each([
    ['blog.example', 'shop.example', true],
    ['www.blog.example', 'shop.example', true],
    ['blog.example', 'elsewhere.example', true],
    ['www.shop.example', 'shop.example', false],
    ['myblog.example', 'shop.example', false],
    ['other.example', 'shop.example', false],
  ])('a link to %s from %s hands over: %s', (host, here, expected) => {
    expect(isOtherSite(host, here, sites)).toBe(expected);
  });

  it.each([
    ['collect.shop.example', 'www.shop.example', 'shop.example', true],
    ['127.0.0.1', '127.0.0.1', '', true],
    ['collect.temas.example', 'www.shop.example', 'shop.example', false],
    ['collect.temas.example', '127.0.0.1', '', false],
  ])('a server at %s sets a cookie for %s on "%s": %s', (host, here, domain, expected) => {
    expect(maySetCookie(host, here, domain)).toBe(expected);
  });
});

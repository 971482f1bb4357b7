import { describe, expect, it } from '@jest/globals';
import { addressOf } from './address.ts';
import { widestDomain } from './memory.ts';
import { campaignOf } from './page-context.ts';

describe('what an address says', () => {
  it('campaign and click ids', () => {
    expect(
      campaignOf(
        new URLSearchParams('utm_campaign=spring&utm_source=mail&utm_id=7&gclid=a&wbraid=b&li_fat_id=c&q=1'),
      ),
    ).toEqual({
      campaign: { name: 'spring', source: 'mail', id: '7' },
      clickIds: { gclid: 'a', wbraid: 'b', li_fat_id: 'c' },
    });
    expect(campaignOf(new URLSearchParams())).toEqual({});
  });

  it.each([
    ['https://a.example/x#part', 'https://a.example/x'],
    ['https://a.example/#/inner', 'https://a.example/#/inner'],
    ['https://a.example/#!inner', 'https://a.example/#!inner'],
    ['https://a.example/x?y=1', 'https://a.example/x?y=1'],
  ])('%s is the page %s', (href, address) => {
    expect(addressOf(href)).toBe(address);
  });
});

describe('the widest domain that takes a cookie', () => {
  const suffixes = ['uk', 'co.uk', 'com', 'localhost'];
  it.each([
    ['www.shop.example.co.uk', 'example.co.uk'],
    ['example.com', 'example.com'],
    ['localhost', ''],
  ])('of %s is "%s"', (host, domain) => {
    expect(widestDomain(host, (candidate) => !suffixes.includes(candidate))).toBe(domain);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sharedData } from '#test/shared-data';
import { normaliseEmail } from './email-address.ts';
import { emailFacts } from './email-facts.ts';
import { emailMatchKey } from './match-key.ts';
import { repairEmail, repairTypedEmail } from './repair-email.ts';

const MARKET = sharedData('identity/turkish_market_domains.txt');

function told(typed: string): string {
  const repair = repairTypedEmail(typed);
  return repair.outcome === 'keep' ? 'keep' : `${repair.outcome} ${repair.value} ${repair.ruleId}`;
}

describe('the typo list of the rule set', () => {
  it.each(['con', 'cmo', 'comm', 'coom', 'vom', 'xom', 'c0m'])('takes .%s for .com', (ending) => {
    expect(told(`ali@gmail.${ending}`)).toBe(`correction ali@gmail.com tld.typo:${ending}`);
    expect(told(`ali@firma.${ending}`)).toBe(`correction ali@firma.com tld.typo:${ending}`);
  });

  it.each(['comtr', 'com.t', 'com.rt', 'con.tr', 'cmo.tr', 'om.tr'])('takes .%s for .com.tr', (ending) => {
    expect(told(`ali@hotmail.${ending}`)).toBe(`correction ali@hotmail.com.tr tld.typo:${ending}`);
    expect(told(`ali@firma.${ending}`)).toBe(`correction ali@firma.com.tr tld.typo:${ending}`);
  });

  it.each([
    ['gmial', 'gmail'],
    ['gmal', 'gmail'],
    ['gamil', 'gmail'],
    ['gnail', 'gmail'],
    ['gmil', 'gmail'],
    ['gmaill', 'gmail'],
    ['hotmial', 'hotmail'],
    ['hotmal', 'hotmail'],
    ['hormail', 'hotmail'],
    ['homail', 'hotmail'],
    ['otmail', 'hotmail'],
    ['outlok', 'outlook'],
    ['yaho', 'yahoo'],
    ['yahooo', 'yahoo'],
    ['iclod', 'icloud'],
  ])('takes %s for %s', (typed, meant) => {
    expect(told(`ali@${typed}.com`)).toBe(`correction ali@${meant}.com sld.typo:${typed}`);
    expect(told(`ali@${typed}.con`)).toBe(`correction ali@${meant}.com tld.typo:con+sld.typo:${typed}`);
    expect(told(`ali@${typed}.firma.com`)).toBe('keep');
  });

  it.each([
    ['ali@gmail.co', 'correction ali@gmail.com tld.provider-truncated'],
    ['ali@gmail.cm', 'correction ali@gmail.com tld.provider-truncated'],
    ['ali@gmail.om', 'correction ali@gmail.com tld.provider-truncated'],
    ['ali@hotmail.co', 'correction ali@hotmail.com tld.provider-truncated'],
    ['ali@gmial.co', 'correction ali@gmail.com sld.typo:gmial'],
    ['ali@yaho.com.tr', 'correction ali@yahoo.com.tr sld.typo:yaho'],
    ['ali@hotmal.om.tr', 'correction ali@hotmail.com.tr tld.typo:om.tr+sld.typo:hotmal'],
    ['ali@gmaıl.com', 'correction ali@gmail.com domain.turkish-fold'],
    ['ali@hotmaıl.con', 'correction ali@hotmail.com domain.turkish-fold+tld.typo:con'],
    ['ali@xn--gmal-nza.com', 'correction ali@gmail.com domain.turkish-fold'],
    ['şükrü.çağlar@GMAİL.COM', 'correction sukru.caglar@gmail.com local.turkish-fold'],
    ['IŞIK@HOTMAIL.COM', 'correction isik@hotmail.com local.turkish-fold'],
    ['ışıl@gmial.com', 'correction isil@gmail.com sld.typo:gmial+local.turkish-fold'],
    ['kâmil@yandex.com.tr', 'correction kamil@yandex.com.tr local.turkish-fold'],
    ['ışık@hotmail.com.t', 'correction isik@hotmail.com.tr tld.typo:com.t+local.turkish-fold'],
    ['çağla@firma.con', 'correction çağla@firma.com tld.typo:con'],
  ])('corrects %s', (typed, expected) => {
    expect(told(typed)).toBe(expected);
  });
});

describe('what was pasted around an address, or written wide', () => {
  it.each([
    '\u202aali@gmail.com\u202c',
    'ali@gmail.com\u200e',
    'ａｌｉ＠ｇｍａｉｌ．ｃｏｍ',
    'ali＠GMAİL。com',
  ])('%j', (typed) => {
    expect(normaliseEmail(typed)).toBe('ali@gmail.com');
  });
});

describe('what is only near', () => {
  it.each([
    ['Ali Veli <ali@gmail.com>', 'suggestion ali@gmail.com address.joints'],
    ['(ali@gmail.com)', 'suggestion ali@gmail.com address.joints'],
    ['mailto:ali@gmail.com?subject=x', 'suggestion ali@gmail.com address.joints'],
    ['"ali"@gmail.com', 'suggestion ali@gmail.com address.joints'],
    ['.ali@gmail.com', 'suggestion ali@gmail.com address.joints'],
    ['ali[at]gmail[dot]com', 'suggestion ali@gmail.com address.joints'],
    ['ali@gmail.c', 'suggestion ali@gmail.com domain.nearby'],
    ['ali@gm\u0430il.com', 'suggestion ali@gmail.com domain.nearby'],
    ['ali@gmial.com.tr', 'suggestion ali@gmail.com tld.not-of-provider'],
    ['ali@gmaik.con', 'suggestion ali@gmail.com tld.typo:con+domain.nearby'],
    ['ali@gmail.com.con', 'suggestion ali@gmail.com tld.typo:con+tld.not-of-provider'],
    ['ali@gmail', 'suggestion ali@gmail.com tld.missing'],
    ['ali@hotmaıl', 'suggestion ali@hotmail.com tld.missing'],
    ['ali@gmailcom', 'suggestion ali@gmail.com tld.missing'],
    ['ali @gmail.com', 'suggestion ali@gmail.com address.joints'],
    ['ali@@gmail.com', 'suggestion ali@gmail.com address.joints'],
    ['ali@gmail,com', 'suggestion ali@gmail.com address.joints'],
    ['ali@gmail..com', 'suggestion ali@gmail.com address.joints'],
    ['ali(at)gmail.con', 'suggestion ali@gmail.com address.joints+tld.typo:con'],
    ['ali@gmaik.com', 'suggestion ali@gmail.com domain.nearby'],
    ['ali@htmail.com', 'suggestion ali@hotmail.com domain.nearby'],
    ['ali@outlooc.cm', 'suggestion ali@outlook.com domain.nearby'],
    ['ali@hotmail.tr', 'suggestion ali@hotmail.com tld.not-of-provider'],
    ['ali@gmail.net', 'suggestion ali@gmail.com tld.not-of-provider'],
    ['ali@firma.cpm', 'suggestion ali@firma.com tld.nearby'],
    ['çağla@firma.com.tr', 'suggestion cagla@firma.com.tr local.turkish-fold'],
  ])('suggests for %s', (typed, expected) => {
    expect(told(typed)).toBe(expected);
  });
});

describe('what is real stays', () => {
  it.each([
    ...['ymail.com', 'mail.com', 'email.com', 'qmail.com', 'fastmail.com', 'gmail.com.tr', 'googlemail.com'],
    ...[
      'hotmail.co.uk',
      'hotmail.fr',
      'outlook.de',
      'yahoo.co.jp',
      'yandex.ru',
      'live.nl',
      'gmx.net',
      'web.de',
    ],
    ...[
      'müşteri.com',
      'şirket.com.tr',
      'xn--mnchen-3ya.de',
      'ibb.istanbul',
      'firma.web.tr',
      'okul.k12.tr',
      'av.tr',
    ],
    ...[
      'firma.co',
      'firma.io',
      'firma.cm',
      'firma.om',
      'con.tr',
      'mail.gmail.com',
      'small.com',
      'posta.firma.com.tr',
      'outlook.firma.com.tr',
    ],
    ...[
      'koc.com.tr',
      'sub.itu.edu.tr',
      'ankara.bel.tr',
      'firma.gen.tr',
      'firma.biz.tr',
      'n11.com',
      'shop.example',
    ],
    ...[
      'bbc.co.uk',
      'anu.edu.au',
      'tokyo.ac.jp',
      'firma.com.br',
      'gob.mx',
      'dr.com',
      'one.com',
      'firma.local',
    ],
  ])('%s', (domain) => {
    expect(told(`ali@${domain}`)).toBe('keep');
  });

  (MARKET === undefined ? it.skip : it)('and so does every domain of the Turkish market', () => {
    const domains = readFileSync(MARKET as string, 'utf8')
      .trim()
      .split('\n');
    expect(domains.length).toBeGreaterThan(40);
    for (const domain of domains) {
      expect(normaliseEmail(`ali@${domain}`)).toBe(`ali@${domain}`);
      expect([domain, repairEmail(`ali@${domain}`)]).toEqual([domain, { outcome: 'keep' }]);
      expect([domain, repairTypedEmail(`ALİ@${domain.toUpperCase()}`)]).toEqual([
        domain,
        { outcome: 'keep' },
      ]);
    }
  });
});

describe('facts and match keys', () => {
  it('tells disposable, role and provider addresses', () => {
    expect(emailFacts('ali@mailinator.com')).toMatchObject({ disposable: true, freeProvider: false });
    expect(emailFacts('ali@x.mailinator.com').disposable).toBe(true);
    expect(emailFacts('satış@firma.com.tr')).toMatchObject({ role: true, listedSuffix: true });
    expect(emailFacts('no-reply+7@firma.com').role).toBe(true);
    expect(emailFacts('ali@gmail.com')).toMatchObject({ freeProvider: true, role: false, disposable: false });
    expect(emailFacts('ali@firma.local').listedSuffix).toBe(false);
  });

  it.each([
    ['a.li.veli@gmail.com', 'gmail:aliveli'],
    ['aliveli+shop@googlemail.com', 'gmail:aliveli'],
    ['ali.veli+shop@hotmail.com', 'hotmail.com:ali.veli'],
    ['ali.veli@outlook.com.tr', 'outlook.com.tr:ali.veli'],
    ['ali.veli+shop@yandex.com', undefined],
    ['ali.veli+shop@firma.com', undefined],
    ['ali.veli+shop@outlook.firma.com', undefined],
  ])('gives %s the key %s', (address, key) => {
    expect(emailMatchKey(address)).toBe(key);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parsePosition, stampUuid, TEMAS_NAMESPACE, uuidV5 } from './index.ts';

describe('uuidV5', () => {
  it('gives the value RFC 9562 prints for www.example.com in the DNS name space', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('is that of a hash over both, whatever was asked before, however long or strange the name', () => {
    const names = ['', 'a', 'İstanbul', 'x'.repeat(300), '\ud800', 'kısa', 'y'.repeat(5_000), 'son'];
    const spaces = [TEMAS_NAMESPACE, '6ba7b810-9dad-11d1-80b4-00c04fd430c8'];
    for (const [i, name] of [...names, ...names].entries()) {
      const space = spaces[(i >> 1) % 2] as string;
      const digest = createHash('sha1')
        .update(space.replaceAll('-', ''), 'hex')
        .update(name, 'utf8')
        .digest();
      expect(uuidV5(space, name)).toBe(stampUuid(digest.subarray(0, 16), 5));
    }
  });
});

describe('parsePosition', () => {
  it('takes unsigned 64-bit numbers only', () => {
    expect(parsePosition('18446744073709551615')).toBe(18446744073709551615n);
    expect(parsePosition('18446744073709551616')).toBeUndefined();
    expect(parsePosition('-1')).toBeUndefined();
    expect(parsePosition('1.5')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { parsePosition, uuidV5 } from './index.ts';

describe('uuidV5', () => {
  it('gives the value RFC 9562 prints for www.example.com in the DNS name space', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
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

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ref } from '#kernel';
import { BUCKETS, bucketOf, drawRef, formatRef, parseRef, refRange } from './ref-bytes.ts';

const anyRef = fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }).map((number) => number.toString() as Ref);

describe('the bytes of a ref', () => {
  it('read as they were written', () => {
    fc.assert(fc.property(anyRef, (ref) => expect(formatRef(parseRef(ref) as Buffer)).toBe(ref)));
  });

  it('are given to refs only', () => {
    for (const text of ['', '0', '-1', '01', '1.0', 'x', `${1n << 63n}`]) {
      expect(parseRef(text as Ref)).toBeUndefined();
    }
  });

  it('lie in the range of their bucket, and the ranges cover all refs', () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        const bytes = parseRef(ref) as Buffer;
        const { first, last } = refRange(bucketOf(bytes));
        expect(Buffer.compare(first, bytes)).toBeLessThanOrEqual(0);
        expect(Buffer.compare(bytes, last)).toBeLessThanOrEqual(0);
      }),
    );
    expect(refRange(0).first.readBigUInt64BE()).toBe(0n);
    expect(refRange(BUCKETS - 1).last.readBigUInt64BE()).toBe((1n << 63n) - 1n);
  });

  it('are drawn in 63 bits', () => {
    for (let i = 0; i < 1_000; i++) expect(parseRef(formatRef(drawRef()))).toBeDefined();
  });
});

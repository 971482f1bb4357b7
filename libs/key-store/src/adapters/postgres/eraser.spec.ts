import { describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { groupsOf } from './eraser.ts';

/** A ref of a bucket. */
function refIn(bucket: number, n: number): Ref {
  return ((BigInt(bucket) << 51n) + BigInt(n)).toString() as Ref;
}

describe('groupsOf', () => {
  it('takes four buckets at once, each ref once, and leaves out what is no ref', () => {
    const refs = [0, 1, 2, 3, 4, 4095].flatMap((bucket) => [refIn(bucket, 1), refIn(bucket, 2)]);
    const groups = groupsOf([...refs, refIn(0, 1), 'no ref' as Ref]);
    expect(groups).toEqual([refs.slice(0, 8), refs.slice(8)]);
    expect(groupsOf([])).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bounds, checkpointKey, EPOCH_KEY, logicalKey, rowKey } from './physical-key.ts';

const collections = fc.stringMatching(/^[a-z0-9.]{1,32}$/);
const keys = fc.string({ unit: 'grapheme' });

describe('rowKey', () => {
  it('is collection, zero byte, UTF-8', () => {
    expect(rowKey('profile', 'ş1').toString('latin1')).toBe('profile\u0000\u00c5\u009f1');
  });

  it('is undone by logicalKey', () => {
    fc.assert(
      fc.property(collections, keys, (collection, key) => {
        expect(logicalKey(collection, rowKey(collection, key))).toBe(key);
      }),
    );
  });
});

describe('bounds', () => {
  it('hold every row of the collection and none of another', () => {
    fc.assert(
      fc.property(collections, collections, keys, (collection, other, key) => {
        const { gte, lt } = bounds({ collection });
        const physical = rowKey(other, key);
        const inside = gte.compare(physical) <= 0 && physical.compare(lt) < 0;
        expect(inside).toBe(other === collection);
      }),
    );
  });

  it('leave out the rows of the store itself', () => {
    const { gte } = bounds({ collection: '.' });
    expect(EPOCH_KEY.compare(gte)).toBe(-1);
    expect(checkpointKey('identity').compare(gte)).toBe(-1);
  });
});

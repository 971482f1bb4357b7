import { describe, expect, it } from '@jest/globals';
import { encodeByteaArray } from './bytea-array.ts';

describe('encodeByteaArray', () => {
  it('writes dimensions, flag, element type, then each element behind its length', () => {
    expect(encodeByteaArray([Buffer.from('ab'), null, Buffer.alloc(0)]).toString('hex')).toBe(
      [
        '00000001', // one dimension
        '00000001', // with NULLs
        '00000011', // of bytea
        '00000003', // of three
        '00000001', // from 1
        '000000026162',
        'ffffffff',
        '00000000',
      ].join(''),
    );
  });

  it('takes views of larger buffers and no element', () => {
    const view = new Uint8Array([1, 2, 3]).subarray(1, 2);
    expect(encodeByteaArray([view]).subarray(-5).toString('hex')).toBe('0000000102');
    expect(encodeByteaArray([])).toHaveLength(20);
  });
});

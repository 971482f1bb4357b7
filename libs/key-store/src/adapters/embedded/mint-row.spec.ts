import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRow, encodeRow, type MintRow } from './mint-row.ts';
import { boxBytes, type SealedRecord } from '../common/sealed-record.ts';

const bytes = (length: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));

const record: fc.Arbitrary<SealedRecord> = fc.tuple(fc.boolean(), fc.boolean()).chain(([hasHash, hasKey]) =>
  fc.record({
    ref: bytes(8),
    generation: fc.integer({ min: 1, max: 0xffffffff }),
    hasHash: fc.constant(hasHash),
    hasKey: fc.constant(hasKey),
    box: bytes(boxBytes(hasHash, hasKey)),
  }),
);

const row: fc.Arbitrary<MintRow> = fc.oneof(
  fc.record({ kind: fc.constant('mint' as const), records: fc.array(record, { maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('rewrap' as const),
    bucket: fc.nat(4095),
    generation: fc.integer({ min: 1, max: 0xffffffff }),
    records: fc.array(record, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constantFrom('suppress' as const, 'permit' as const),
    hashes: fc.array(bytes(16), { maxLength: 5 }),
  }),
);

describe('a mint row', () => {
  it('reads as it was written', () => {
    fc.assert(fc.property(row, (written) => expect(decodeRow(encodeRow(written))).toEqual(written)));
  });

  it('is refused when it is cut or of an unknown type', () => {
    const box = Buffer.alloc(boxBytes(true, true));
    const whole = encodeRow({
      kind: 'mint',
      records: [{ ref: Buffer.alloc(8, 1), generation: 1, hasHash: true, hasKey: true, box }],
    });
    expect(() => decodeRow(whole.subarray(0, -1))).toThrow(/ends inside/);
    expect(() => decodeRow(Buffer.of(9))).toThrow(/unknown type/);
  });
});

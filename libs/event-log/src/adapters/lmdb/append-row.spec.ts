import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnreadableLog } from '../../errors.ts';
import { decodeEvents, encodeEvents } from './append-row.ts';
import { placeOf, positionOf } from './place.ts';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const anEvent = fc.record({
  id: fc.uuid(),
  type: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  metadata: bytes,
  data: bytes,
});

describe('an append as a row', () => {
  it('reads back as it was written, from any index', () => {
    fc.assert(
      fc.property(
        fc.array(anEvent, { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        fc.nat(2 ** 31),
        (events, from, append) => {
          const header = { append, stream: 'config-a', first: 5, count: events.length };
          const read = [...decodeEvents(header, encodeEvents(events), from)];
          expect(read).toEqual(
            events
              .map((event, i) => ({
                ...event,
                stream: 'config-a',
                revision: BigInt(5 + i),
                position: positionOf(append, i),
              }))
              .slice(from),
          );
        },
      ),
    );
  });

  it('is refused in a format of another version', () => {
    const row = encodeEvents([]);
    row[0] = 2;
    expect(() => [...decodeEvents({ append: 1, stream: 'a', first: 0, count: 0 }, row)]).toThrow(
      UnreadableLog,
    );
  });
});

describe('a position', () => {
  it('names the place it was made of', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 - 1 }), fc.nat(4095), (append, index) => {
        expect(placeOf(positionOf(append, index))).toEqual({ append, index });
      }),
    );
    expect(positionOf(1, 0)).toBe(4096n);
  });
});

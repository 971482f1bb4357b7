import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeMetadata, encodeEnvelopeMetadata, encodeMetadata } from './event-metadata.ts';

const CAUSE = '0b6f4b1c-95b5-4d4e-9c39-2d6a7c0d1e11';

/** What the client makes of metadata when it reads it. */
function throughClient(written: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(written).toString('utf8'));
  } catch {
    return written;
  }
}

describe('metadata in EventStoreDB', () => {
  const throughEnvelope = (bytes: Buffer): Buffer =>
    decodeMetadata(throughClient(encodeEnvelopeMetadata(bytes, CAUSE)));
  const roundTrip = (bytes: Buffer): Buffer => decodeMetadata(throughClient(encodeMetadata(bytes, CAUSE)));

  it('reads back byte for byte, whatever it is', () => {
    const json = fc.json().map((text) => Buffer.from(text));
    const object = fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((value) => Buffer.from(JSON.stringify(value)));
    const anything = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(json, object, anything), (bytes) => {
        expect(roundTrip(bytes).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([
    '',
    '{}',
    '{ "a": 1 }',
    '{"a":1e2}',
    '{"b":1,"1":2}',
    '{"$bytes":"x"}',
    '{"$correlationId":1}',
    'null',
    '[1]',
  ])('%j reads back byte for byte', (text) => {
    expect(roundTrip(Buffer.from(text)).toString()).toBe(text);
  });

  it('stays JSON that others can read, with the names that the engine knows', () => {
    const read = throughClient(encodeMetadata(Buffer.from('{"eventId":"e","refs":[]}'), CAUSE));
    expect(read).toEqual({ eventId: 'e', refs: [], $correlationId: CAUSE, $causationId: CAUSE });
    expect(throughClient(encodeEnvelopeMetadata(Buffer.from('{"eventId":"e","refs":[]}'), CAUSE))).toEqual(
      read,
    );
  });

  it('of a touchpoint that is no envelope reads back all the same', () => {
    for (const text of ['', '{}', 'raw', '[{"a":1}]']) {
      expect(throughEnvelope(Buffer.from(text)).toString()).toBe(text);
    }
  });

  it('is a plain array of bytes, never a Buffer', () => {
    expect(encodeMetadata(Buffer.alloc(0), CAUSE).constructor).toBe(Uint8Array);
  });
});

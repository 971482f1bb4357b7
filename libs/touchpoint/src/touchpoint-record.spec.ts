import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import type { Envelope, SealedBody } from './envelope.ts';
import {
  anchorOf,
  associatedData,
  decodeEnvelope,
  encodeEnvelope,
  isUnattributed,
} from './envelope-codec.ts';
import { seal, unseal } from './sealing.ts';
import { openTouchpoint } from './touchpoint-record.ts';

interface Golden {
  readonly envelope: Envelope;
  readonly body: SealedBody;
  readonly key: string;
  readonly sealed: string;
}

const golden = JSON.parse(
  readFileSync(new URL('./fixtures/touchpoint-v1.json', import.meta.url), 'utf8'),
) as Golden;
const { envelope, body } = golden;
const key = Buffer.from(golden.key, 'base64');
const sealed = Buffer.from(golden.sealed, 'base64');

describe('schema 1', () => {
  it('opens as it was written, for ever', () => {
    const recorded = decodeEnvelope(encodeEnvelope(envelope));
    expect(recorded).toEqual(envelope);
    expect(openTouchpoint(recorded, sealed, key)).toEqual({ outcome: 'opened', body });
  });

  it('opens whatever an engine did to the order and spacing of the metadata', () => {
    const shuffled = Object.fromEntries([...Object.entries(envelope).reverse(), ['$extra', 1]]);
    const metadata = Buffer.from(JSON.stringify(shuffled, null, 2));
    expect(openTouchpoint(decodeEnvelope(metadata), sealed, key).outcome).toBe('opened');
  });

  it('is bound to its envelope by these bytes', () => {
    expect(associatedData(envelope).toString()).toBe(
      '["1f0b2c3d-4e5f-8a6b-9c7d-8e9fa0b1c2d3","default","crm","identify",1,1795341601000,1795341600000,3,1,"xc1",' +
        '[["user_id","4611686018427387905",2,0],["anonymous_id","9223372036854775807",2,0],["email","17",2,1]],' +
        '"8070450532247928832"]',
    );
  });

  it('refuses a newer schema with a code', () => {
    expect(() => openTouchpoint({ ...envelope, schema: 2 }, sealed, key)).toThrow(
      expect.objectContaining({ code: 'TOUCHPOINT.UNKNOWN_SCHEMA' }),
    );
  });
});

describe('envelope', () => {
  it.each([
    ['eventId', 'x'],
    ['eventId', 7],
    ['workspace', 'A B'],
    ['source', ''],
    ['kind', 't'],
    ['schema', -1],
    ['receivedAt', 1.5],
    ['at', '1'],
    ['index', null],
    ['rules', undefined],
    ['alg', 'aes'],
    ['refs', []],
    ['refs', {}],
    ['refs', [7]],
    ['refs', [{ ns: 'A', ref: '1', strength: 1 }]],
    ['refs', [{ ns: 'email', ref: '01', strength: 1 }]],
    ['refs', [{ ns: 'email', ref: 1, strength: 1 }]],
    ['refs', [{ ns: 'email', ref: '1', strength: 3 }]],
    ['recordRef', 'x'],
  ])('with %s %j is broken', (field, value) => {
    const bytes = Buffer.from(JSON.stringify({ ...envelope, [field]: value }));
    expect(() => decodeEnvelope(bytes)).toThrow(
      expect.objectContaining({ code: 'TOUCHPOINT.BROKEN_ENVELOPE' }),
    );
  });

  it('that is no JSON object is broken', () => {
    for (const text of ['', '{', '[]', 'null', '1']) {
      expect(() => decodeEnvelope(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'TOUCHPOINT.BROKEN_ENVELOPE' }),
      );
    }
  });

  it('knows its anchor: the own key of an unattributed one, else the first of the best namespace', () => {
    const ref = (ns: string, value: string) => ({ ns, ref: value as Ref, strength: 1 as const });
    const refs = [ref('anonymous_id', '1'), ref('email', '2'), ref('email', '3'), ref('club', '4')];
    expect(anchorOf({ ...envelope, refs })).toBe('2');
    expect(isUnattributed({ ...envelope, refs })).toBe(false);
    const orphan = { ...envelope, refs: [...refs, ref('event', '9')] };
    expect(anchorOf(orphan)).toBe('9');
    expect(isUnattributed(orphan)).toBe(true);
    expect(() => anchorOf({ ...envelope, refs: [] })).toThrow(
      expect.objectContaining({ code: 'TOUCHPOINT.BROKEN_ENVELOPE' }),
    );
  });
});

describe('sealing', () => {
  it('uses a new nonce each time', () => {
    expect(seal(body, envelope, key).equals(seal(body, envelope, key))).toBe(false);
  });

  it('does not open with another key, nor what is too short', () => {
    expect(unseal(sealed, envelope, Buffer.alloc(32)).outcome).toBe('broken');
    for (const size of [0, 1, 24, 39, 40]) {
      expect(unseal(sealed.subarray(0, size), envelope, key).outcome).toBe('broken');
    }
  });

  it('takes a key of the wrong length for the bug it is', () => {
    const short = Buffer.alloc(16);
    const bug = expect.objectContaining({ code: 'TOUCHPOINT.BAD_KEY' });
    expect(() => seal(body, envelope, short)).toThrow(bug);
    expect(() => unseal(sealed, envelope, short)).toThrow(bug);
  });
});

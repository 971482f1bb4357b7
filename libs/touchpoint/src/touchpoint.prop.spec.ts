import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, Ref, SourceName, Workspace } from '#kernel';
import { acceptItem } from './accept-item.ts';
import type { Envelope, TouchpointKind } from './envelope.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope-codec.ts';
import { normaliseIdentifier } from './normalise.ts';
import { seal, unseal } from './sealing.ts';
import type { Arrival } from './touchpoint.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 10_000 : 200;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'ıİIiŞş@.<>"\'+;:,-_ \u0307\u200b\u00a0Σςé e\u0301mailto'),
    maxLength: 30,
  }),
  fc
    .tuple(fc.string({ maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 8 }))
    .map(([local, domain]) => `${local}@${domain}.com`),
  fc.stringMatching(/^[+0]{0,3}[ ()-]?[0-9 ]{7,14}$/),
);
const namespace = fc.constantFrom('email', 'phone', 'user_id', 'national_id', 'anonymous_id', 'club');
const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 5 }), anyText, fc.integer(), fc.double());

const item = fc.record(
  {
    type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias', 'x'),
    event: anyJson,
    userId: anyJson,
    anonymousId: anyJson,
    previousId: anyJson,
    groupId: anyJson,
    messageId: anyJson,
    timestamp: anyJson,
    sentAt: anyJson,
    properties: anyJson,
    traits: fc.oneof(anyJson, fc.record({ email: anyJson, phone: anyJson }, { requiredKeys: [] })),
    context: fc.oneof(
      anyJson,
      fc.record(
        {
          traits: fc.record({ email: anyJson, phone: anyJson }),
          externalIds: fc.array(fc.oneof(anyJson, fc.record({ id: anyJson, type: namespace }))),
          device: fc.record({ id: anyJson, advertisingId: anyJson, token: anyJson, type: anyJson }),
          os: anyJson,
          temas: fc.record({ recordId: anyJson }),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: ['type'] },
);

const arrival: fc.Arbitrary<Arrival> = fc.record({
  workspace: fc.constant('default' as Workspace),
  source: fc.constant('web' as SourceName),
  trust: fc.constantFrom('client', 'server'),
  receivedAt: fc.integer({ min: 0, max: 4e12 }),
  index: fc.nat(2500),
  call: fc.constantFrom<(TouchpointKind | undefined)[]>(undefined, 'track', 'identify', 'alias'),
  batch: fc.option(fc.record({ sentAt: anyJson, context: fc.object(), integrations: anyJson }), {
    nil: undefined,
  }),
  strict: fc.boolean(),
});

describe('acceptItem', () => {
  it('is total and keeps its promises', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, item), arrival, (raw, how) => {
        const before = JSON.stringify(raw);
        const answer = acceptItem(raw, how);
        expect(JSON.stringify(raw)).toBe(before);
        expect(acceptItem(raw, how)).toEqual(answer);
        if (answer.outcome === 'refused') {
          expect(answer.error).toMatchObject({ index: how.index, code: expect.any(String) });
          return;
        }
        const { identifiers, anchor, at, payload } = answer.touchpoint;
        expect(Number.isSafeInteger(at) && at >= 0 && at <= how.receivedAt).toBe(true);
        expect(new Set(identifiers.map((i) => `${i.namespace}=${i.value}`)).size).toBe(identifiers.length);
        for (const { namespace: ns, value } of identifiers) {
          expect(normaliseIdentifier(ns, value)).toEqual({ outcome: 'valid', value });
        }
        expect(anchor).toBeLessThan(identifiers.length);
        expect(identifiers[anchor]?.derived).toBeUndefined();
        for (const { derived } of identifiers) expect(derived?.from ?? -1).toBeLessThan(identifiers.length);
        if (anchor === -1) expect(payload.flags?.join()).toMatch(/unattributed|identifiers_contradict/);
        expect(Buffer.byteLength(JSON.stringify({ ...payload, flags: undefined }))).toBeLessThanOrEqual(
          32_768,
        );
      }),
      { numRuns },
    );
  });

  it('gives each item of a batch one outcome, whatever its siblings are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyJson, item)), arrival, (batch, how) => {
        const outcomes = batch.map((raw, index) => acceptItem(raw, { ...how, index }).outcome);
        const accepted = outcomes.filter((outcome) => outcome === 'accepted').length;
        const refused = outcomes.filter((outcome) => outcome === 'refused').length;
        expect(accepted + refused).toBe(batch.length);
      }),
      { numRuns: numRuns / 10 },
    );
  });
});

describe('normaliseIdentifier', () => {
  it('gives canonical values that it leaves alone', () => {
    fc.assert(
      fc.property(namespace, anyJson, (ns, raw) => {
        const once = normaliseIdentifier(ns, raw);
        if (once.outcome !== 'valid') return;
        expect(normaliseIdentifier(ns, once.value)).toEqual(once);
      }),
      { numRuns: numRuns * 4 },
    );
  });
});

const ref = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map((value) => String(value) as Ref);
const name = fc.stringMatching(/^[a-z0-9_]{1,32}$/);
const envelope: fc.Arbitrary<Envelope> = fc.record(
  {
    eventId: fc.uuid().map((id) => id as EventId),
    workspace: name.map((text) => text as Workspace),
    source: name.map((text) => text as SourceName),
    kind: fc.constantFrom<TouchpointKind[]>('track', 'identify', 'page', 'screen', 'group', 'alias'),
    schema: fc.nat(),
    receivedAt: fc.nat(4e12),
    at: fc.nat(4e12),
    index: fc.nat(),
    rules: fc.nat(),
    alg: fc.constant('xc1' as const),
    refs: fc.array(
      fc.record(
        {
          ns: name,
          ref,
          strength: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
          derived: fc.constant(true as const),
        },
        { requiredKeys: ['ns', 'ref', 'strength'] },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    recordRef: ref,
  },
  {
    requiredKeys: [
      ...([
        'eventId',
        'workspace',
        'source',
        'kind',
        'schema',
        'receivedAt',
        'at',
        'index',
        'rules',
      ] as const),
      ...(['alg', 'refs'] as const),
    ],
  },
);
const body = fc.record({
  ids: fc.array(fc.string({ unit: 'grapheme' })),
  payload: fc
    .dictionary(fc.string(), fc.jsonValue())
    .map((fields) => JSON.parse(JSON.stringify({ ...fields, type: 'track' })) as { type: 'track' }),
});
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('sealing', () => {
  it('opens with the same envelope after a trip through the log', () => {
    fc.assert(
      fc.property(body, envelope, key, (content, clear, secret) => {
        const read = decodeEnvelope(encodeEnvelope(clear));
        expect(read).toEqual(clear);
        expect(unseal(seal(content, clear, secret), read, secret)).toEqual({
          outcome: 'opened',
          body: content,
        });
      }),
      { numRuns },
    );
  });

  it('is broken by any changed byte', () => {
    fc.assert(
      fc.property(
        body,
        envelope,
        key,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (content, clear, secret, at, flip) => {
          const sealed = seal(content, clear, secret);
          const place = at % sealed.byteLength;
          sealed[place] = (sealed[place] as number) ^ flip;
          expect(unseal(sealed, clear, secret)).toEqual({ outcome: 'broken' });
        },
      ),
      { numRuns },
    );
  });

  it('is broken by any changed field of the envelope', () => {
    fc.assert(
      fc.property(body, envelope, envelope, key, (content, clear, other, secret) => {
        const sealed = seal(content, clear, secret);
        for (const field of [...Object.keys(clear), 'recordRef'] as (keyof Envelope)[]) {
          const changed = { ...clear, [field]: other[field] };
          const same = JSON.stringify(changed) === JSON.stringify(clear);
          expect(unseal(sealed, changed, secret).outcome).toBe(same ? 'opened' : 'broken');
        }
      }),
      { numRuns: numRuns / 5 },
    );
  });
});

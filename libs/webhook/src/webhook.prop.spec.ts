import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ITEM_BYTES_LIMIT } from '#touchpoint';
import { mapItem } from './map-item.ts';
import { VENDORS, type SourceMapping } from './source-mapping.ts';
import { splitDelivery } from './split-delivery.ts';
import { accepted } from './testing/accepted.ts';
import { contentKey } from './webhook-item.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 20_000 : 500;

/** Names that the mappings look for, so that random JSON meets their code. */
const KEYS = [
  ...[
    'data',
    'object',
    'payload',
    'response',
    'user',
    'customer',
    'contact',
    'identifiers',
    'billing',
    'recipients',
  ],
  ...[
    'email',
    'phone',
    'userId',
    'user_id',
    'customer_id',
    'id',
    'cio_id',
    'mj_contact_id',
    'recipient',
    'token',
  ],
  ...[
    'event',
    'type',
    'metric',
    'object_type',
    'event_type',
    'timestamp',
    'created_at',
    'time',
    'topic',
    'answers',
  ],
  ...[
    'line_items',
    'transactions',
    'order_id',
    'note_attributes',
    'cart_token',
    'refund_line_items',
    'amount',
    'kind',
  ],
  ...[
    'traits',
    'campaign',
    'useragent',
    'ip',
    'events',
    '__proto__',
    'constructor',
    'toString',
    'form_response',
  ],
  ...[
    'subscriptionType',
    'portalId',
    'objectId',
    'MessageSid',
    'AccountSid',
    'entry',
    'hidden',
    'landing_site',
  ],
  ...[
    'mail',
    'destination',
    'to',
    'email_id',
    'detail',
    'requester_id',
    'app_user_id',
    'subscriber_attributes',
    'included',
    'attributes',
    'attendees',
    'meta',
    'context',
    'externalIds',
    'groupId',
    'anonymousId',
    'previousId',
    'properties',
    'status',
    'refunds',
    'total',
    'TopicArn',
    'Message',
    'batch',
  ],
];
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e300, 1700000000, '', 'ali@firma.com.tr', 'veli@firma.com.tr'),
  fc.constantFrom(
    '+905321234568',
    'No response',
    'u1',
    'u2',
    'email',
    'opened',
    'track',
    'identify',
    'alias',
    'group',
    'zen:event-type:user.created',
    'refund',
    '19.90',
    '9'.repeat(400),
  ),
  fc.string(),
  fc.double({ noNaN: true }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })), tie('json')), {
        maxLength: 8,
      })
      .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as unknown),
  ),
}));
const path = fc.oneof(
  fc.constantFrom('=', '=track', '=identify', 'data.id', 'user.email', 'constructor', '__proto__.x'),
  fc.string(),
);
const mapping: fc.Arbitrary<SourceMapping> = fc.oneof(
  fc.constantFrom(...VENDORS).map((vendor) => ({ vendor })),
  fc
    .record(
      { type: path, event: path, userId: path, email: path, timestamp: path, properties: path, traits: path },
      { requiredKeys: [] },
    )
    .map((fields) => ({ vendor: 'custom' as const, fields })),
);
const topic = fc.constantFrom(
  undefined,
  'orders/create',
  'refunds/create',
  'carts/update',
  'customers/update',
  'order.updated',
  'customer.created',
  'x',
);

describe('mapItem', () => {
  it('is total, pure, within the limits of ingest and never contradicts itself', () => {
    fc.assert(
      fc.property(mapping, json, topic, (source, item, name) => {
        const webhook = name === undefined ? { item } : { item, topic: name };
        const before = JSON.stringify(item);
        const mapped = mapItem(source, webhook);
        expect(JSON.stringify(mapItem(source, webhook))).toBe(JSON.stringify(mapped));
        expect(JSON.stringify(item)).toBe(before);
        expect(Buffer.byteLength(JSON.stringify(mapped))).toBeLessThanOrEqual(ITEM_BYTES_LIMIT);
        const result = accepted(source, item, name);
        if (result.outcome === 'refused') {
          expect(['no_identifier', 'missing_field']).toContain(result.error.code);
          if (source.vendor !== 'custom') expect(result.error.code).toBe('no_identifier');
          return;
        }
        expect(result.warnings.map(({ code }) => code)).not.toContain('identifiers_contradict');
        expect(result.warnings.map(({ code }) => code)).not.toContain('timestamp_unparseable');
      }),
      { numRuns },
    );
  });

  it('is total over deep and large items', () => {
    let deep: unknown = { email: 'ali@firma.com.tr' };
    for (let i = 0; i < 5_000; i++) deep = { data: deep, more: [i] };
    const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key_${i}`, 'ğ'.repeat(5)]));
    for (const vendor of VENDORS) {
      for (const item of [
        deep,
        wide,
        { ...wide, email: 'ali@firma.com.tr', response: { user: wide, traits: wide }, traits: wide },
      ]) {
        const result = accepted({ vendor }, item);
        if (result.outcome === 'refused') expect(result.error.code).toBe('no_identifier');
      }
    }
  });
});

describe('splitDelivery', () => {
  it('is total over bytes', () => {
    const type = fc.constantFrom(
      undefined,
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      'text/plain; charset=nonsense',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc
        .string({ unit: fc.constantFrom(...'{}[]":,\\\n=&%0123456789eE.-ab<') })
        .map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, type, (body, contentType) => {
        const split = splitDelivery(body, contentType);
        if (split.outcome === 'refused') return;
        for (const webhook of split.items) {
          // What is sealed comes back the same.
          const sealed = JSON.parse(JSON.stringify(webhook)) as typeof webhook;
          expect(contentKey(sealed)).toBe(contentKey(webhook));
          mapItem({ vendor: 'generic' }, webhook);
        }
      }),
      { numRuns },
    );
  });

  it('keeps what JSON says', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean())),
        (item) => {
          const plain = { ...item, event: 'x' };
          const split = splitDelivery(Buffer.from(JSON.stringify(plain)), undefined);
          expect(split).toEqual({ outcome: 'items', items: [{ item: JSON.parse(JSON.stringify(plain)) }] });
        },
      ),
      { numRuns },
    );
  });
});

describe('contentKey', () => {
  it('is the same for the same content in any order, and another for any other', () => {
    const key = contentKey({ item: { a: 1, b: [1, { c: 2, d: 3 }] } });
    expect(contentKey({ item: { b: [1, { d: 3, c: 2 }], a: 1 } })).toBe(key);
    expect(contentKey({ item: { a: 1, b: [1, { c: 2, d: 4 }] } })).not.toBe(key);
    expect(contentKey({ item: { a: 1, b: [1, { c: 2, d: 3 }] }, topic: 'x' })).not.toBe(key);
    expect(contentKey({ item: 'x"y' })).not.toBe(contentKey({ item: 'xy', topic: '"' }));
  });
});

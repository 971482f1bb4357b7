import { describe, expect, it } from '@jest/globals';
import type { SourceName, Workspace } from '#kernel';
import { RULESET_VERSION } from '#repair';
import { acceptItem } from './accept-item.ts';
import type { Accepted, Arrival, ItemError } from './touchpoint.ts';

const receivedAt = Date.UTC(2026, 10, 22, 12);
const arrival: Arrival = {
  workspace: 'default' as Workspace,
  source: 'web' as SourceName,
  trust: 'client',
  receivedAt,
  index: 2,
  strict: false,
};
const server: Arrival = { ...arrival, trust: 'server' };
const track = { type: 'track', event: 'Viewed', anonymousId: 'anon-1' };

function accept(item: unknown, how: Arrival = arrival): Accepted {
  const answer = acceptItem(item, how);
  if (answer.outcome !== 'accepted') throw new Error(JSON.stringify(answer.error));
  return answer;
}

function refuse(item: unknown, how: Arrival = arrival): ItemError {
  const answer = acceptItem(item, how);
  if (answer.outcome !== 'refused') throw new Error('accepted');
  return answer.error;
}

function identifiersOf(item: unknown, how: Arrival = arrival): string[] {
  return accept(item, how).touchpoint.identifiers.map((i) => `${i.namespace}=${i.value}/${i.strength}`);
}

function codes(item: unknown, how: Arrival = arrival): string[] {
  return accept(item, how).warnings.map(({ code, field }) => `${code} ${field}`);
}

describe('what is an item', () => {
  it.each([[null], [1], ['track'], [[]], [[track]], [true]])('refuses %j', (raw) => {
    expect(refuse(raw)).toMatchObject({ code: 'invalid_item', index: 2 });
  });

  it.each([[undefined], ['Track'], ['x'], [1], [null], ['__proto__'], ['constructor']])(
    'refuses the type %j',
    (type) => {
      expect(refuse({ ...track, type })).toMatchObject({ code: 'unknown_type', field: 'type' });
    },
  );

  it.each([
    ['track', 'track'],
    ['t', 'track'],
    ['identify', 'identify'],
    ['i', 'identify'],
    ['page', 'page'],
    ['p', 'page'],
    ['screen', 'screen'],
    ['s', 'screen'],
    ['group', 'group'],
    ['g', 'group'],
    ['alias', 'alias'],
    ['a', 'alias'],
  ])('takes the type %s as %s', (type, kind) => {
    const item = { ...track, type, groupId: 'g', userId: 'u', previousId: 'p' };
    const { touchpoint } = accept(item);
    expect(touchpoint.kind).toBe(kind);
    expect(touchpoint.payload.type).toBe(kind);
  });

  it('takes the kind from the path before the type', () => {
    const { touchpoint } = accept({ ...track, type: 'page' }, { ...arrival, call: 'track' });
    expect([touchpoint.kind, touchpoint.payload.type]).toEqual(['track', 'track']);
    expect(accept({ event: 'x', userId: 'u' }, { ...arrival, call: 'track' }).touchpoint.kind).toBe('track');
  });
});

describe('required fields', () => {
  it.each([
    [{ type: 'track', userId: 'u' }, 'event'],
    [{ type: 'track', userId: 'u', event: ' ' }, 'event'],
    [{ type: 'track', userId: 'u', event: 7 }, 'event'],
    [{ type: 'group', userId: 'u' }, 'groupId'],
    [{ type: 'group', userId: 'u', groupId: null }, 'groupId'],
    [{ type: 'alias', userId: 'u' }, 'previousId'],
    [{ type: 'alias', previousId: 'p' }, 'userId'],
    [{ type: 'alias', previousId: 'p', userId: '' }, 'userId'],
  ])('refuses %j for want of %s', (item, field) => {
    expect(refuse(item)).toMatchObject({ code: 'missing_field', field });
  });

  it.each([
    [{ type: 'page' }],
    [{ type: 'page', userId: null, anonymousId: '' }],
    [{ type: 'track', event: 'x', traits: { email: 'ali@gmail.com' } }],
    [{ type: 'group', groupId: 'g', traits: { email: 'ali@gmail.com' } }],
    [{ type: 'page', previousId: 'p' }],
    [{ type: 'page', context: { externalIds: [{ id: 'a', type: 'crm_id', collection: 'accounts' }] } }],
  ])('refuses %j: it names nobody', (item) => {
    expect(refuse(item).code).toBe('no_identifier');
  });

  it.each([['properties'], ['traits'], ['context']])('refuses %s that are no object', (field) => {
    for (const value of ['x', 1, [1], true]) {
      expect(refuse({ ...track, [field]: value })).toMatchObject({ code: 'invalid_type', field });
    }
    for (const nothing of [null, []]) {
      expect(accept({ ...track, [field]: nothing }).touchpoint.payload[field]).toBeUndefined();
    }
  });
});

describe('payload', () => {
  it('keeps what came, without the write key', () => {
    const item = {
      ...track,
      writeKey: 'secret',
      messageId: 'm-1',
      properties: { price: 1 },
      timestamp: '2026-11-22T10:00:00Z',
      sentAt: 'raw',
      _metadata: { retryCount: 1 },
      sessionId: 17,
    };
    const before = JSON.stringify(item);
    const { touchpoint } = accept(item);
    expect({ ...touchpoint.payload, writeKey: 'secret' }).toEqual(item);
    expect(touchpoint.payload).not.toHaveProperty('writeKey');
    expect(JSON.stringify(item)).toBe(before);
  });

  it('tolerates null ids and makes text of numbers', () => {
    const { payload, identifiers } = accept({
      ...track,
      userId: null,
      anonymousId: 17,
      messageId: 9,
    }).touchpoint;
    expect(payload).toEqual({ type: 'track', event: 'Viewed', anonymousId: '17', messageId: '9' });
    expect(identifiers).toEqual([{ namespace: 'anonymous_id', value: '17', strength: 0 }]);
  });

  it('keeps ids of other types as JSON text, but not as identifiers', () => {
    const { touchpoint, warnings } = accept({ ...track, userId: { id: 'u' } });
    expect(touchpoint.payload.userId).toBe('{"id":"u"}');
    expect(touchpoint.identifiers).toHaveLength(1);
    expect(warnings).toMatchObject([{ code: 'identifier_invalid', field: 'userId', index: 2 }]);
  });

  it('lets an item inherit what its batch says, its own fields win', () => {
    const batch = {
      sentAt: '2026-11-22T12:00:00Z',
      context: { ip: '10.0.0.1', library: { name: 'batch', version: '1' } },
      integrations: { All: true },
    };
    const own = { ...track, context: { library: { name: 'own' } } };
    expect(accept(own, { ...arrival, batch }).touchpoint.payload).toEqual({
      ...own,
      context: { ip: '10.0.0.1', library: { name: 'own' } },
      integrations: { All: true },
      sentAt: batch.sentAt,
    });
    const { payload } = accept({ ...track, sentAt: 1, integrations: {} }, { ...arrival, batch }).touchpoint;
    expect(payload).toMatchObject({ context: batch.context, sentAt: 1, integrations: {} });
    expect(accept(track, { ...arrival, batch: { context: [] } }).touchpoint.payload.context).toBeUndefined();
  });

  it('is not fooled by names of object machinery', () => {
    const item: unknown = JSON.parse(
      '{"__proto__":{"userId":"u","polluted":1},"constructor":{"prototype":{"polluted":1}},"type":"track",' +
        '"event":"x","anonymousId":"a","context":{"__proto__":{"traits":{"email":"x@gmail.com"}}},"flags":["forged"]}',
    );
    const batch = { context: JSON.parse('{"__proto__":{"polluted":1}}') as object };
    const { payload, identifiers } = accept(item, { ...arrival, batch }).touchpoint;
    expect(identifiers).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(payload.polluted).toBeUndefined();
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect(payload).not.toHaveProperty('flags');
  });
});

describe('limits', () => {
  const sized = (bytes: number): object => {
    const empty = Buffer.byteLength(JSON.stringify({ ...track, properties: { fill: '' } }));
    return { ...track, properties: { fill: 'x'.repeat(bytes - empty) } };
  };

  it('takes 32 KB and not one byte more', () => {
    expect(accept(sized(32_768)).outcome).toBe('accepted');
    expect(refuse(sized(32_769))).toMatchObject({ code: 'item_too_large', limit: 32_768 });
  });

  it('counts UTF-8 bytes, and the context of the batch', () => {
    expect(refuse({ ...track, properties: { fill: 'ş'.repeat(16_400) } }).code).toBe('item_too_large');
    const batch = { context: { fill: 'x'.repeat(20_000) } };
    expect(accept(sized(12_000), { ...arrival, batch }).outcome).toBe('accepted');
    expect(refuse(sized(13_000), { ...arrival, batch }).code).toBe('item_too_large');
  });

  it('lets an item replace what would not fit', () => {
    const batch = { context: { fill: 'x'.repeat(31_000), more: 'y'.repeat(10_000) } };
    const item = { ...track, context: { fill: 'x'.repeat(20_000) } };
    expect(accept(item, { ...arrival, batch }).outcome).toBe('accepted');
    expect(refuse(track, { ...arrival, batch }).code).toBe('item_too_large');
  });

  it('does not walk a huge context to its end for each item', () => {
    let steps = 0;
    const context = { fill: 'x'.repeat(70_000) };
    Object.defineProperty(context, 'later', { enumerable: true, get: () => steps++ });
    expect(refuse(track, { ...arrival, batch: { context } }).code).toBe('item_too_large');
    expect(steps).toBe(0);
  });

  it('answers the same when the caller knows a bound', () => {
    expect(accept(sized(32_768), { ...arrival, bytes: 32_768 }).outcome).toBe('accepted');
    expect(refuse(sized(32_769), { ...arrival, bytes: 500_000 }).code).toBe('item_too_large');
  });

  it('limits messageIds', () => {
    expect(accept({ ...track, messageId: 'm'.repeat(100) }).touchpoint.messageKey).toBe('m'.repeat(100));
    expect(refuse({ ...track, messageId: 'm'.repeat(101) })).toMatchObject({
      code: 'message_id_too_long',
      limit: 100,
    });
    for (const messageId of [true, {}, [], 1.5, 2 ** 60]) {
      expect(refuse({ ...track, messageId })).toMatchObject({ code: 'invalid_type', field: 'messageId' });
    }
  });

  it('leaves no room for more than 10,000 properties', () => {
    const properties = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i.toString(36), 1]));
    expect(refuse({ ...track, properties }).code).toBe('item_too_large');
  });

  it('limits the depth, wherever it is', () => {
    const nest = (levels: number): unknown =>
      JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as unknown;
    expect(accept({ ...track, properties: nest(63) }).outcome).toBe('accepted');
    expect(refuse({ ...track, properties: nest(64) })).toMatchObject({ code: 'too_deep', limit: 64 });
    const endless = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
    expect(refuse({ ...track, userId: endless }).code).toBe('too_deep');
    expect(refuse(track, { ...arrival, batch: { context: { endless } } }).code).toBe('too_deep');
  });

  it('limits the number of identifiers', () => {
    const externalIds = Array.from({ length: 60 }, (_, i) => ({ id: `c${i}`, type: 'club' }));
    const { touchpoint, warnings } = accept({ ...track, context: { externalIds } });
    expect(touchpoint.identifiers).toHaveLength(50);
    expect(warnings).toHaveLength(11);
    expect(warnings[0]).toMatchObject({ code: 'too_many_identifiers', field: 'context.externalIds[49].id' });
  });
});

describe('time', () => {
  it('flags and warns, keeping the raw text', () => {
    const { touchpoint, warnings } = accept({ ...track, timestamp: 'soon' });
    expect(touchpoint.at).toBe(receivedAt);
    expect(touchpoint.payload).toMatchObject({ timestamp: 'soon', flags: ['timestamp_unparseable'] });
    expect(warnings).toMatchObject([{ index: 2, code: 'timestamp_unparseable', field: 'timestamp' }]);
  });

  it('refuses instead where imports are strict', () => {
    const strict = { ...arrival, strict: true };
    for (const [timestamp, code] of [
      ['soon', 'timestamp_unparseable'],
      ['2027-01-01', 'timestamp_in_future'],
      ['1960-01-01', 'timestamp_before_1970'],
    ]) {
      expect(refuse({ ...track, timestamp }, strict).code).toBe(code);
    }
    expect(accept(track, strict).touchpoint.at).toBe(receivedAt);
  });

  it('corrects by the sentAt of the batch', () => {
    const batch = { sentAt: '2026-11-22T11:00:00.000Z' };
    const item = { ...track, timestamp: '2026-11-22T10:59:59.000Z' };
    expect(accept(item, { ...arrival, batch }).touchpoint.at).toBe(receivedAt - 1000);
  });
});

describe('messageKey', () => {
  const timed = { ...track, timestamp: '2026-11-22T10:00:00Z', properties: { a: 1, b: { c: 2, d: [1] } } };
  const keyOf = (item: unknown, how = arrival): string | undefined => accept(item, how).touchpoint.messageKey;

  it('is the messageId that the client sent', () => {
    expect(keyOf({ ...timed, messageId: 'm-1' })).toBe('m-1');
  });

  it('is a text of the content for an item with a time, whatever the order of its keys and the attempt', () => {
    const key = keyOf(timed);
    const again = {
      ...Object.fromEntries(Object.entries(timed).reverse()),
      properties: { b: { d: [1], c: 2 }, a: 1 },
      sentAt: '2026-11-22T10:00:01Z',
      _metadata: { retryCount: 2 },
      writeKey: 'w',
    };
    expect(keyOf(again)).toBe(key);
    expect(key?.length).toBeGreaterThan(100);
    expect(keyOf({ ...timed, event: 'Other' })).not.toBe(key);
    expect(keyOf({ ...timed, properties: { a: '1', b: { c: 2, d: [1] } } })).not.toBe(key);
    expect(keyOf(timed, { ...arrival, index: 3 })).not.toBe(key);
  });

  it('is left to be minted without a time that can be read', () => {
    expect(keyOf(track)).toBeUndefined();
    expect(keyOf({ ...track, timestamp: 'soon' })).toBeUndefined();
  });

  it('does not take what broken clients send in place of an id', () => {
    for (const messageId of ['', 'null', 'undefined', 'NaN', '[object Object]', null]) {
      expect(keyOf({ ...track, messageId })).toBeUndefined();
    }
  });
});

describe('identifiers', () => {
  const everywhere = {
    type: 'identify',
    context: {
      device: { token: 'tok', advertisingId: 'AD-1', id: 'dev-1', type: 'iOS' },
      externalIds: [
        { id: 'crm-9', type: 'CRM_ID', collection: 'users', encoding: 'none' },
        { id: 'acc-1', type: 'crm_id', collection: 'accounts' },
        { id: 'push-2', type: 'ios.push_token' },
      ],
      traits: { phone: '0533 123 45 67', email: 'veli@gmail.com' },
    },
    traits: { phone: '0532 123 45 67', email: 'Ali@Gmail.com' },
    anonymousId: 'anon-1',
    userId: 'u-1',
  };

  it('finds them in a fixed order with the strength of a client', () => {
    expect(identifiersOf(everywhere)).toEqual([
      'user_id=u-1/2',
      'anonymous_id=anon-1/0',
      'email=ali@gmail.com/1',
      'phone=+905321234567/1',
      'email=veli@gmail.com/1',
      'phone=+905331234567/1',
      'crm_id=crm-9/1',
      'push_token=push-2/1',
      'device_id=dev-1/0',
      'idfa=AD-1/0',
      'push_token=tok/0',
    ]);
  });

  it('gives a server everything strength 2', () => {
    expect(identifiersOf(everywhere, server).every((text) => text.endsWith('/2'))).toBe(true);
  });

  it.each([
    ['track', 1],
    ['page', 1],
    ['group', 1],
    ['identify', 2],
    ['alias', 2],
  ])('gives the userId of a client on %s strength %d', (type, strength) => {
    const [first] = identifiersOf({ type, event: 'e', groupId: 'g', previousId: 'p', userId: 'u' });
    expect(first).toBe(`user_id=u/${strength}`);
  });

  it('takes the previousId of an alias as an anonymousId', () => {
    const item = { type: 'alias', previousId: 'anon-1', userId: 'u-1' };
    expect(identifiersOf(item)).toEqual(['user_id=u-1/2', 'anonymous_id=anon-1/1']);
    expect(codes(item)).toEqual([]);
  });

  it('takes traits of a group as the account’s, but those of its context as the person’s', () => {
    const item = {
      type: 'group',
      groupId: 'g',
      userId: 'u',
      traits: { email: 'hq@firma.com', phone: '05321234567' },
    };
    expect(identifiersOf(item)).toEqual(['user_id=u/1']);
    expect(identifiersOf({ ...item, context: { traits: { email: 'ali@gmail.com' } } })).toHaveLength(2);
  });

  it('keeps one of equals, with the best strength in the first place', () => {
    const externalIds = [{ id: ' anon-1 ', type: 'anonymous_id' }];
    const item = { ...track, userId: 'u', context: { externalIds, traits: { email: 'ali@gmail.com' } } };
    expect(identifiersOf(item)).toEqual(['user_id=u/1', 'anonymous_id=anon-1/1', 'email=ali@gmail.com/1']);
  });

  it.each([
    [{ type: 'android' }, {}, 'gaid'],
    [{ type: 'ios' }, { name: 'Android' }, 'idfa'],
    [{}, { name: 'iOS' }, 'idfa'],
    [{}, { name: 'iPadOS' }, 'idfa'],
    [{ type: 'mobile' }, { name: 'Android' }, 'gaid'],
  ])('tells whose advertising id it is: device %j, os %j', (device, os, namespace) => {
    const context = { device: { ...device, advertisingId: 'AD' }, os };
    expect(identifiersOf({ type: 'page', context })).toEqual([`${namespace}=AD/0`]);
  });

  it.each([
    [{ device: { advertisingId: 'AD' } }, 'identifier_invalid context.device.advertisingId'],
    [
      { device: { type: 'ios', advertisingId: '00000000-0000-0000-0000-000000000000' } },
      'identifier_blocked context.device.advertisingId',
    ],
    [{ externalIds: [7] }, 'identifier_invalid context.externalIds[0]'],
    [{ externalIds: [{ id: 'x' }] }, 'identifier_invalid context.externalIds[0]'],
    [{ externalIds: [{ id: 'x', type: 'a b' }] }, 'identifier_invalid context.externalIds[0].type'],
    [{ externalIds: [{ id: 'x', type: 'event' }] }, 'identifier_invalid context.externalIds[0].type'],
    [{ externalIds: [{ id: {}, type: 'crm_id' }] }, 'identifier_invalid context.externalIds[0].id'],
    [{ traits: { email: 'ali@gmail' } }, 'identifier_invalid context.traits.email'],
    [{ traits: { email: 'info@firma.com' } }, 'identifier_blocked context.traits.email'],
    [{ traits: { phone: '02122931020' } }, 'identifier_invalid context.traits.phone'],
  ])('leaves out what cannot be one, with a warning: %j', (context, warning) => {
    const { touchpoint } = accept({ ...track, context });
    expect(codes({ ...track, context })).toEqual([warning]);
    expect(touchpoint.identifiers.filter(({ derived }) => derived === undefined)).toHaveLength(1);
    expect(touchpoint.payload.context).toEqual(context);
    expect(touchpoint.payload.flags?.[0]).toMatch(/_(invalid|blocked)$/);
  });

  it('never echoes a value', () => {
    const secret = 'ayşe-secret';
    const traits = { email: secret, phone: secret };
    const context = {
      traits,
      externalIds: [
        { id: [secret], type: secret },
        { id: [secret], type: 'crm_id' },
      ],
    };
    const answers = [
      acceptItem({ type: 'identify', userId: [secret], traits, context, timestamp: secret }, arrival),
      acceptItem({ ...track, messageId: secret.repeat(20) }, arrival),
      acceptItem({ ...track, type: secret }, arrival),
      acceptItem({ ...track, context: secret }, arrival),
    ];
    const notes = answers.map((a) => (a.outcome === 'accepted' ? a.warnings : a.error));
    expect(JSON.stringify(notes)).not.toContain(secret);
  });
});

describe('guesses', () => {
  const guessesOf = (item: unknown): string[] =>
    accept(item)
      .touchpoint.identifiers.filter(({ derived }) => derived !== undefined)
      .map(({ namespace, value, strength, derived }) =>
        [namespace, value, strength, derived?.from, derived?.outcome, derived?.ruleId].join(' '),
      );
  const identify = (traits: object): object => ({ type: 'identify', userId: 'u', traits });

  it('stand behind what was typed, which stays', () => {
    const { touchpoint, warnings } = accept(identify({ email: 'Ali@gmial.con' }));
    expect(touchpoint.identifiers).toMatchObject([
      { namespace: 'user_id', value: 'u' },
      { namespace: 'email', value: 'ali@gmial.con', strength: 1 },
      {
        namespace: 'email',
        value: 'ali@gmail.com',
        strength: 0,
        derived: {
          from: 1,
          outcome: 'correction',
          rulesetVersion: RULESET_VERSION,
          ruleId: 'tld.typo:con+sld.typo:gmial',
        },
      },
    ]);
    expect(touchpoint.payload.traits).toEqual({ email: 'Ali@gmial.con' });
    expect(touchpoint.payload.flags).toEqual(['email_corrected']);
    expect(touchpoint.anchor).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('are told of the anchor where what was typed is no address', () => {
    expect(guessesOf(identify({ email: 'ali@gmail' }))).toEqual([
      'email ali@gmail.com 0 -1 suggestion tld.missing',
    ]);
    expect(guessesOf({ type: 'page', context: { traits: { email: 'ali@gmail' } } })).toEqual([]);
  });

  it('are none where the meant value is named too, or is nobody’s', () => {
    const context = { externalIds: [{ type: 'email', id: 'ali@gmail.com' }] };
    expect(guessesOf({ ...identify({ email: 'ali@gmial.com' }), context })).toEqual([]);
    expect(guessesOf(identify({ email: 'test@test.con' }))).toEqual([]);
  });
});

describe('what operators configure', () => {
  const nationalId = {
    type: 'page',
    anonymousId: 'a',
    context: { externalIds: [{ type: 'national_id', id: '19191919190' }] },
  };
  const read = (item: unknown, reading: Arrival['reading']): string[] => {
    const answer = acceptItem(item, { ...arrival, reading });
    if (answer.outcome !== 'accepted') throw new Error(answer.error.message);
    return answer.touchpoint.identifiers.map(({ namespace, value }) => `${namespace}=${value}`);
  };

  it('leaves national ids out until a workspace may use them', () => {
    expect(read(nationalId, undefined)).toEqual(['anonymous_id=a']);
    expect(read(nationalId, { nationalIds: true })).toEqual(['anonymous_id=a', 'national_id=19191919190']);
    const { touchpoint, warnings } = accept(nationalId);
    expect(touchpoint.payload.flags).toEqual(['national_id_off']);
    expect(warnings).toMatchObject([{ code: 'identifier_invalid', field: 'context.externalIds[0].id' }]);
  });

  it('reads phones in the country of their source, and each of a field', () => {
    const item = { type: 'identify', userId: 'u', traits: { phone: '0151 23456789 / 0151 23456788' } };
    expect(read(item, { country: 'DE' })).toEqual([
      'user_id=u',
      'phone=+4915123456789',
      'phone=+4915123456788',
    ]);
    expect(read(item, undefined)).toEqual(['user_id=u']);
  });
});

describe('anchor', () => {
  const anchorOf = (item: unknown): string | undefined => {
    const { identifiers, anchor } = accept(item).touchpoint;
    return identifiers[anchor]?.namespace;
  };
  const withIds = (...types: string[]): object => ({
    type: 'page',
    context: {
      externalIds: types.map((type, i) => ({ type, id: type === 'phone' ? '05321234567' : `v${i}@x.co` })),
    },
  });

  it('is the first of the best namespace', () => {
    const order = [
      ...['user_id', 'crm_id', 'loyalty_id', 'email', 'phone', 'instagram'],
      ...['push_token', 'device_id', 'anonymous_id'],
    ];
    for (let i = 0; i < order.length; i++) {
      expect(anchorOf(withIds(...order.slice(i).reverse()))).toBe(order[i]);
    }
    const { touchpoint } = accept(withIds('anonymous_id', 'email', 'email'));
    expect(touchpoint.anchor).toBe(1);
  });

  it('is nobody where all identifiers are blocked or invalid', () => {
    const { touchpoint, warnings } = accept({ ...track, anonymousId: 'null', userId: '[object Object]' });
    expect(touchpoint).toMatchObject({
      identifiers: [],
      anchor: -1,
      payload: { flags: ['user_id_blocked', 'anonymous_id_blocked', 'unattributed'] },
    });
    expect(warnings.map(({ code }) => code)).toEqual([
      'identifier_blocked',
      'identifier_blocked',
      'unattributed',
    ]);
  });

  it.each([['user_id'], ['crm_id'], ['loyalty_id']])('is nobody where an item names two of %s', (type) => {
    const { touchpoint, warnings } = accept(withIds('email', type, type));
    expect(touchpoint.anchor).toBe(-1);
    expect(touchpoint.identifiers).toHaveLength(3);
    expect(touchpoint.payload.flags).toEqual(['identifiers_contradict']);
    expect(warnings).toMatchObject([{ code: 'identifiers_contradict', field: type, limit: 1 }]);
  });

  it('sees no contradiction in contacts and devices, or in the same value twice', () => {
    expect(anchorOf(withIds('email', 'email', 'anonymous_id', 'anonymous_id'))).toBe('email');
    const externalIds = [{ type: 'user_id', id: 'u' }];
    expect(anchorOf({ type: 'identify', userId: 'u', context: { externalIds } })).toBe('user_id');
    externalIds.push({ type: 'user_id', id: 'v' });
    expect(anchorOf({ type: 'identify', userId: 'u', context: { externalIds } })).toBeUndefined();
  });
});

describe('recordId', () => {
  const item = (recordId: unknown): object => ({ ...track, context: { temas: { recordId } } });

  it('comes from server sources only', () => {
    expect(accept(item(' row-7 '), server).touchpoint.recordId).toBe('row-7');
    expect(accept(item(0), server).touchpoint.recordId).toBe('0');
    expect(accept(item('row-7')).touchpoint).not.toHaveProperty('recordId');
  });

  it('is left out where it cannot be one', () => {
    expect(accept(item(null), server).touchpoint).not.toHaveProperty('recordId');
    expect(accept(item({}), server).touchpoint).not.toHaveProperty('recordId');
    expect(codes(item({}), server)).toEqual(['record_id_invalid context.temas.recordId']);
  });
});

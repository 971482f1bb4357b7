import { describe, expect, it } from '@jest/globals';
import type { EventId, Ref, SourceName } from '#kernel';
import { foldProfile } from './fold-profile.ts';
import { TRAITS_MAX } from './fold-traits.ts';
import type { NamedIdentifier, ProfileInput } from './profile-input.ts';
import { ANCHORS } from './profile-rows.ts';
import { freshWork, input, membershipOf, profileOf } from './testing/inputs.ts';
import { joinProfile } from './join-profile.ts';

const u1 = 'u1' as Ref;
const a1 = 'a1' as Ref;
const identifier = (ns: string, ref: string, value = ref): NamedIdentifier => ({
  ns,
  ref: ref as Ref,
  value,
});

describe('which word on a trait counts', () => {
  const city = (value: unknown, place: number, over: Partial<ProfileInput> = {}): ProfileInput =>
    input({ place, traits: { city: value }, ...over });

  it.each([
    [
      'the later one by event time',
      city('new', 1, { at: 2_000 }),
      city('old', 2, { at: 1_000, sourceRank: 1 }),
    ],
    [
      'at equal times that of the higher source',
      city('new', 1, { sourceRank: 1 }),
      city('old', 2, { index: 9 }),
    ],
    ['of one source the later in the batch', city('new', 1, { index: 2 }), city('old', 2, { index: 1 })],
    ['of equals the greater event id', city('new', 2), city('old', 1)],
    ['also between anchors', city('new', 1, { at: 2_000, anchor: a1 }), city('old', 2)],
  ])('%s', async (_, winner, loser) => {
    for (const order of [
      [winner, loser],
      [loser, winner],
    ]) {
      expect((await profileOf(order)).traits.city).toEqual({
        value: 'new',
        at: new Date(winner.at).toISOString(),
        source: winner.source,
        eventId: winner.eventId,
        anchor: winner.anchor,
      });
    }
  });

  it('hides a trait that was taken back, until it is given again', async () => {
    const gone = [city('old', 1), city(null, 2, { at: 2_000, anchor: a1 })];
    expect((await profileOf(gone)).traits).toEqual({});
    expect((await profileOf([...gone, city('late', 3, { at: 1_500 })])).traits).toEqual({});
    expect((await profileOf([...gone, city('again', 3, { at: 3_000 })])).traits.city?.value).toBe('again');
  });

  it('takes any name for a trait', async () => {
    const traits = JSON.parse(
      '{"__proto__": 1, "constructor": 2, "b": 3, "a": {"deep": [null]}}',
    ) as ProfileInput['traits'];
    const profile = await profileOf([input({ traits }), input({ place: 2, at: 2_000, traits })]);
    expect(Object.keys(profile.traits)).toEqual(['__proto__', 'a', 'b', 'constructor']);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  it('keeps 500 traits of an anchor, and counts what it drops', async () => {
    const inputs = Array.from({ length: TRAITS_MAX + 2 }, (_, i) =>
      input({ place: i, at: i, traits: { [`t${i}`]: i } }),
    );
    inputs.push(input({ place: 1_000, at: 1_000, traits: { t0: 'newer', t501: 'no room' } }));
    const work = await freshWork(inputs);
    for (const one of inputs) foldProfile(work, one);
    const row = work.get(ANCHORS, u1);
    expect(Object.keys(row?.traits ?? {})).toHaveLength(TRAITS_MAX);
    expect(row).toMatchObject({ dropped: 3, events: TRAITS_MAX + 3, traits: { t0: { value: 'newer' } } });
  });
});

describe('a profile', () => {
  it('tells what is known of its members', async () => {
    const inputs = [
      input({
        place: 1,
        at: 5_000,
        source: 'web' as SourceName,
        anchor: a1,
        identifiers: [identifier('anonymous_id', 'a1')],
      }),
      input({
        place: 2,
        at: 6_000,
        source: 'shop' as SourceName,
        identifiers: [
          identifier('user_id', 'u1', '42'),
          identifier('anonymous_id', 'a1'),
          identifier('email', 'e1', 'old@example.com'),
          identifier('email', 'e2', 'new@example.com'),
          identifier('phone', 'p1', '+905321234567'),
        ],
        traits: { name: 'Ayşe' },
      }),
    ];
    expect(await profileOf(inputs, ['u1', 'e1', 'a1', 'e2', 'p1'])).toEqual({
      id: 'p',
      workspace: 'default',
      traits: {
        name: {
          value: 'Ayşe',
          at: '1970-01-01T00:00:06.000Z',
          source: 'shop',
          eventId: 'event-2',
          anchor: 'u1',
        },
      },
      identifiers: [
        ['anonymous_id', 'a1', 'a1', 5, 'web'],
        ['email', 'e1', 'old@example.com', 6, 'shop'],
        ['email', 'e2', 'new@example.com', 6, 'shop'],
        ['phone', 'p1', '+905321234567', 6, 'shop'],
        ['user_id', 'u1', '42', 6, 'shop'],
      ].map(([namespace, anchor, value, first, source]) => ({
        namespace,
        value,
        anchor,
        firstSeenAt: `1970-01-01T00:00:0${first}.000Z`,
        lastSeenAt: '1970-01-01T00:00:06.000Z',
        source,
      })),
      firstSeenAt: '1970-01-01T00:00:05.000Z',
      lastSeenAt: '1970-01-01T00:00:06.000Z',
      eventCount: 2,
      email: 'new@example.com',
      phone: '+905321234567',
      userIds: ['42'],
    });
  });

  it('names the source that named an identifier first by time, then by place in the log', async () => {
    const by = (source: string, place: number, at: number) =>
      input({ source: source as SourceName, place, at });
    const inputs = [by('third', 3, 1_000), by('second', 2, 1_000), by('late', 1, 2_000)];
    for (const order of [inputs, inputs.toReversed()]) {
      expect((await profileOf(order)).identifiers[0]?.source).toBe('second');
    }
  });

  it('counts other people’s touchpoints at a shared device for nobody else', async () => {
    const device = identifier('anonymous_id', 'a1');
    const mine = input({ place: 1, at: 1_000, identifiers: [identifier('user_id', 'u1'), device] });
    const theirs = input({
      place: 2,
      at: 9_000,
      anchor: 'u2' as Ref,
      identifiers: [identifier('user_id', 'u2'), device],
    });
    expect(await profileOf([mine, theirs], ['u1', 'a1'])).toMatchObject({
      eventCount: 1,
      lastSeenAt: '1970-01-01T00:00:01.000Z',
    });
    expect(await profileOf([theirs], ['a1'])).toMatchObject({
      eventCount: 0,
      lastSeenAt: '1970-01-01T00:00:09.000Z',
    });
  });

  it('is empty where nothing can be read', async () => {
    const none = { anchors: new Map(), identifiers: new Map() };
    expect(joinProfile(membershipOf(['u1']), none)).toMatchObject({
      traits: {},
      identifiers: [],
      firstSeenAt: null,
      lastSeenAt: null,
      eventCount: 0,
      email: null,
      phone: null,
      userIds: [],
    });
  });

  it('learns nothing from a touchpoint of nobody', async () => {
    const work = await freshWork([]);
    foldProfile(work, input({ anchor: null, eventId: 'event-1' as EventId, traits: { name: 'nobody' } }));
    expect(work.writes()).toEqual([]);
  });
});

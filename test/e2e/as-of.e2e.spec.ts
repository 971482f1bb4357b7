import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

const MINUTE = 60_000;

interface ProfileAnswer {
  readonly id: string;
  readonly asOf?: string;
  readonly clock?: string;
  readonly traits: Record<string, { value: unknown }>;
  readonly identifiers: readonly { namespace: string; value: string; anchor: string }[];
  readonly eventCount: number;
}

interface Problem {
  readonly detail: string;
  readonly since?: string;
  readonly errors?: readonly { field: string; message: string }[];
}

/**
 * A visitor, a person, the two become one, another person is refused the address, an operator parts the visitor again.
 * After each step the moment is kept, and what was true then.
 */
describe('people as of a moment', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  const moments: Record<'nothing' | 'strangers' | 'merged' | 'refused' | 'parted', string> = {
    nothing: '',
    strangers: '',
    merged: '',
    refused: '',
    parted: '',
  };
  let last: string;
  let visitor: string;
  let person: string;

  const user = (value: string): object => ({ namespace: 'user_id', value });
  const browser = { namespace: 'anonymous_id', value: 'browser-1' };

  async function now(): Promise<string> {
    await pause(20);
    const moment = new Date().toISOString();
    await pause(20);
    return moment;
  }

  async function lookup<T = ProfileAnswer>(
    identifier: object,
    query: Record<string, string> = {},
  ): Promise<{ status: number; body: T }> {
    const search = new URLSearchParams({ after: last, ...query });
    return temas.call<T>('POST', `/v1/profiles/lookup?${search.toString()}`, identifier);
  }

  async function profile<T = ProfileAnswer>(
    id: string,
    asOf: string,
    clock = 'recorded',
  ): Promise<{ status: number; body: T }> {
    return temas.get<T>(`/v1/profiles/${id}?${new URLSearchParams({ asOf, clock }).toString()}`);
  }

  async function order(body: object): Promise<string> {
    const { status, body: done } = await temas.call<{ position: string }>('POST', '/v1/identity/commands', {
      reason: 'asked by the customer',
      ...body,
    });
    expect(status).toBe(201);
    return done.position;
  }

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    const send = async (path: string, item: object): Promise<void> => {
      const { body } = await temas.send(path, item);
      last = body.position as string;
    };
    moments.nothing = await now();
    await send('page', { anonymousId: 'browser-1', name: 'Shop', timestamp: '2026-03-01T08:00:00Z' });
    await send('identify', { userId: 'ayse', traits: { plan: 'basic' }, timestamp: '2026-03-02T08:00:00Z' });
    visitor = (await lookup(browser)).body.id;
    person = (await lookup(user('ayse'))).body.id;
    moments.strangers = await now();
    await send('identify', {
      userId: 'ayse',
      anonymousId: 'browser-1',
      traits: { plan: 'gold', email: 'ayse@example.com' },
      timestamp: '2026-03-03T08:00:00Z',
    });
    moments.merged = await now();
    await send('identify', {
      userId: 'emre',
      traits: { email: 'ayse@example.com' },
      timestamp: '2026-03-04T08:00:00Z',
    });
    moments.refused = await now();
    last = await order({ kind: 'split', identifiers: [user('ayse'), browser] });
    moments.parted = await now();
    // Learnt late: what happened long before.
    await send('identify', { userId: 'ayse', traits: { city: 'İzmir' }, timestamp: '2026-02-01T08:00:00Z' });
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('shows who was who when it was so', async () => {
    const ids = async (asOf: string): Promise<(string | undefined)[]> =>
      Promise.all([browser, user('ayse')].map(async (one) => (await lookup(one, { asOf })).body.id));
    expect(await ids(moments.strangers)).toEqual([visitor, person]);
    expect(await ids(moments.merged)).toEqual([person, person]);
    expect(await ids(moments.refused)).toEqual([person, person]);
    const [browserNow, personNow] = await ids(moments.parted);
    expect(personNow).toBe(person);
    expect(browserNow).not.toBe(person);
  });

  it('shows identifiers and traits as they were known', async () => {
    const shown = async (asOf: string): Promise<unknown> => {
      const { body } = await profile(person, asOf);
      return [
        body.identifiers.map(({ value }) => value).sort(),
        Object.entries(body.traits).map(([name, { value }]) => [name, value]),
        body.eventCount,
        body.clock,
      ];
    };
    expect(await shown(moments.strangers)).toEqual([['ayse'], [['plan', 'basic']], 1, 'recorded']);
    const merged = [
      ['ayse', 'ayse@example.com', 'browser-1'],
      [
        ['email', 'ayse@example.com'],
        ['plan', 'gold'],
      ],
      3,
      'recorded',
    ];
    expect(await shown(moments.merged)).toEqual(merged);
    expect(await shown(moments.refused)).toEqual(merged);
    const [identifiers, , events] = (await shown(moments.parted)) as [string[], unknown, number];
    expect(identifiers).toEqual(['ayse', 'ayse@example.com']);
    expect(events).toBe(2);
    const { body } = await temas.get<{ identifiers: unknown[] }>(
      `/v1/profiles/${person}/identifiers?asOf=${moments.strangers}`,
    );
    expect(body.identifiers).toHaveLength(1);
  });

  it('follows an id to whom it led to then', async () => {
    expect((await profile(visitor, moments.strangers)).body.id).toBe(visitor);
    expect((await profile(visitor, moments.merged)).body.id).toBe(person);
  });

  it('shows what had happened by then to the people of today, on the clock of events', async () => {
    const { body } = await profile(person, '2026-03-02T12:00:00Z', 'event');
    expect(body.clock).toBe('event');
    expect(body.identifiers.map(({ value }) => value)).toEqual(['ayse']);
    expect(Object.entries(body.traits).map(([name, { value }]) => [name, value])).toEqual([
      ['city', 'İzmir'],
      ['plan', 'basic'],
    ]);
    expect(body.eventCount).toBe(2);
    const early = await profile<Problem>(person, '2026-01-01', 'event');
    expect(early.status).toBe(404);
    expect(early.body.since).toBe('2026-02-01T08:00:00.000Z');
  });

  it('says clearly where there is nothing to show', async () => {
    const future = await profile<Problem>(person, '2999-01-01');
    expect([future.status, future.body.errors?.[0]?.field]).toEqual([400, 'asOf']);
    expect(future.body.detail).toContain('in the future; the latest moment is now');
    const early = await profile<Problem>(person, moments.nothing);
    expect(early.status).toBe(404);
    expect(Date.parse(early.body.since as string)).toBeGreaterThan(Date.parse(moments.nothing));
    expect(early.body.errors?.[0]).toMatchObject({ field: 'asOf' });
    expect((await lookup<Problem>(user('emre'), { asOf: moments.merged })).status).toBe(404);
    expect((await lookup<Problem>(user('nobody'), { asOf: moments.merged })).status).toBe(404);
    expect((await profile('00000000-0000-5000-8000-000000000000', moments.merged)).status).toBe(404);
    for (const path of ['consents', 'explanation']) {
      const { status, body } = await temas.get<Problem>(
        `/v1/profiles/${person}/${path}?asOf=${moments.merged}`,
      );
      expect([path, status, body.errors?.[0]?.field]).toEqual([path, 400, 'asOf']);
    }
  });

  it('lists touchpoints and decisions up to a moment', async () => {
    const events = async (query: string): Promise<number> =>
      (await temas.get<{ events: unknown[] }>(`/v1/profiles/${person}/events?${query}`)).body.events.length;
    expect(await events(`asOf=${moments.strangers}`)).toBe(1);
    expect(await events(`asOf=${moments.merged}`)).toBe(3);
    expect(await events('asOf=2026-03-02T12:00:00Z&clock=event')).toBe(2);
    const decided = async (asOf: string): Promise<string[]> =>
      (
        await temas.get<{ decisions: { kind: string }[] }>(`/v1/profiles/${person}/decisions?asOf=${asOf}`)
      ).body.decisions.map(({ kind }) => kind);
    expect(await decided(moments.strangers)).toEqual(['ProfileCreated']);
    const merged = await decided(moments.merged);
    expect(merged).toContain('ProfilesMerged');
    expect(merged.filter((kind) => kind === 'ProfileCreated')).toHaveLength(2);
    expect(await decided(moments.parted)).toContain('ProfileSplit');
  });

  it('tells decisions as sentences too', async () => {
    const { body } = await temas.get<{ decisions: { kind: string; text: string; source: string }[] }>(
      `/v1/profiles/${person}/decisions?language=tr`,
    );
    const merged = body.decisions.find(({ kind }) => kind === 'ProfilesMerged');
    expect(merged?.text).toBe(
      `${visitor} profilinin ${person} profili olduğu anlaşıldı; birlikte gelenler: “browser-1” tarayıcısı.`,
    );
    expect(merged?.source).toBe('default');
    const lines = await fetch(`${temas.url}/v1/profiles/${person}/decisions?format=text`, {
      headers: { authorization: 'Bearer test-admin-key-0123456789' },
    });
    expect(await lines.text()).toMatch(
      /Z {2}A person became known by the user id “ayse”\. \(R9, default, [0-9a-f-]{36}\)/,
    );
  });

  it(
    'stands in SQL as intervals without gaps, the same after a rebuild',
    async () => {
      const { body } = await lookup(browser);
      const [anchor] = body.identifiers.map((one) => one.anchor);
      const history = await temas.sql<{ profile_id: string; valid_from: string; valid_to: string }>(
        `SELECT profile_id, valid_from, valid_to FROM identities_history WHERE anchor_id = ${anchor} ORDER BY valid_from`,
        last,
      );
      expect(history.map((row) => row.profile_id)).toEqual([visitor, person, body.id]);
      expect(history.map((row) => row.valid_to)).toEqual([
        history[1]?.valid_from,
        history[2]?.valid_from,
        '2299-12-31 23:59:59.999',
      ]);
      const then = moments.merged.replace('T', ' ').replace('Z', '');
      const [people] = await temas.sql<{ n: string }>(
        `SELECT uniqExact(profile_id) AS n FROM identities_history WHERE valid_from <= '${then}' AND valid_to > '${then}'`,
      );
      expect(people?.n).toBe('1');
      const aliases = await temas.sql<{ alias_id: string; profile_id: string }>(
        `SELECT alias_id, profile_id FROM profile_aliases`,
      );
      expect(aliases).toContainEqual({ alias_id: visitor, profile_id: person });

      await temas.call('POST', '/v1/projections/rebuild');
      for (;;) {
        const { body: state } = await temas.get<{ status: string; equal?: boolean }>(
          '/v1/projections/rebuild',
        );
        if (state.status === 'running') continue;
        expect(state).toMatchObject({ status: 'succeeded', equal: true });
        break;
      }
      expect((await lookup(browser, { asOf: moments.merged })).body.id).toBe(person);
    },
    MINUTE,
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const MINUTE = 60_000;

interface Word {
  readonly value: unknown;
  readonly source: string;
  readonly trusted: boolean;
  readonly eventId: string;
  readonly anchor: string;
  readonly at: string;
  readonly current: boolean;
  readonly lostTo?: string;
  readonly because?: string;
}

interface History {
  readonly id: string;
  readonly traits: Record<string, readonly Word[]>;
  readonly truncated: boolean;
}

describe('which source took which value from whom', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let last: string;
  let id: string;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    const { body: created } = await temas.call<{ writeKey: string }>('POST', '/v1/sources', {
      source: 'web',
      trust: 'client',
    });
    const crm = (item: object) => temas.send('identify', { userId: 'ayse', ...item });
    const web = (item: object) =>
      temas.sendWith(created.writeKey, 'identify', { anonymousId: 'browser', ...item });
    await crm({ traits: { plan: 'basic', city: 'İzmir' }, timestamp: '2026-03-01T08:00:00Z' });
    await web({ traits: { city: 'Ankara', theme: 'dark' }, timestamp: '2026-03-02T08:00:00Z' });
    await crm({ traits: { plan: 'gold' }, timestamp: '2026-03-03T08:00:00Z' });
    // Said at once: the company's own system goes before the browser.
    await web({ traits: { plan: 'free' }, timestamp: '2026-03-03T08:00:00Z' });
    await crm({ traits: { theme: null }, timestamp: '2026-03-04T08:00:00Z' });
    const joined = await temas.sendWith(created.writeKey, 'track', {
      userId: 'ayse',
      anonymousId: 'browser',
      event: 'Login',
      timestamp: '2026-03-05T08:00:00Z',
    });
    last = joined.body.position as string;
    const { body } = await temas.call<{ id: string }>('POST', `/v1/profiles/lookup?after=${last}`, {
      namespace: 'user_id',
      value: 'ayse',
    });
    id = body.id;
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('is told for every trait, the losing values too', async () => {
    const { body } = await temas.get<History>(`/v1/profiles/${id}/traits/history?after=${last}`);
    const told = (trait: string): unknown[] =>
      (body.traits[trait] ?? []).map(({ value, source, current, because }) => [
        value,
        source,
        current,
        because,
      ]);
    expect(told('plan')).toEqual([
      ['gold', 'default', true, undefined],
      ['free', 'web', false, 'less_trusted'],
      ['basic', 'default', false, 'older'],
    ]);
    expect(told('city')).toEqual([
      ['Ankara', 'web', true, undefined],
      ['İzmir', 'default', false, 'older'],
    ]);
    expect(told('theme')).toEqual([
      [null, 'default', true, undefined],
      ['dark', 'web', false, 'older'],
    ]);
    const [gold, free] = body.traits.plan as [Word, Word];
    expect(free.lostTo).toBe(gold.eventId);
    expect(free.anchor).not.toBe(gold.anchor);
    expect(body.truncated).toBe(false);
  });

  it('agrees with the profile, whose traits name their source', async () => {
    const { body: profile } = await temas.get<{
      traits: Record<string, { value: unknown; eventId: string }>;
    }>(`/v1/profiles/${id}`);
    const { body } = await temas.get<History>(`/v1/profiles/${id}/traits/history`);
    const standing = Object.entries(body.traits).flatMap(([name, [word]]) =>
      word === undefined || word.value === null ? [] : [[name, word.value, word.eventId]],
    );
    expect(standing).toEqual(
      Object.entries(profile.traits).map(([name, { value, eventId }]) => [name, value, eventId]),
    );
  });

  it('can be asked of one trait, and of a moment', async () => {
    const { body } = await temas.get<History>(
      `/v1/profiles/${id}/traits/history?trait=plan&asOf=2026-03-02T12:00:00Z&clock=event`,
    );
    expect(Object.keys(body.traits)).toEqual(['plan']);
    expect(body.traits.plan?.map(({ value }) => value)).toEqual(['basic']);
  });

  it('is a relation for analysts', async () => {
    const rows = await temas.sql<{ trait: string; value: string; source: string }>(
      `SELECT trait, value, source FROM trait_history WHERE is_newest AND profile_id = '${id}' ORDER BY trait`,
    );
    expect(rows).toEqual([
      { trait: 'city', value: '"Ankara"', source: 'web' },
      { trait: 'plan', value: '"gold"', source: 'default' },
      { trait: 'theme', value: 'null', source: 'default' },
    ]);
  });

  it('adds up to what a source is good for', async () => {
    const { body: web } = await temas.get<object>('/v1/sources/web/contributions');
    expect(web).toEqual({
      source: 'web',
      events: { identify: 2, track: 1 },
      identifiers: { anonymous_id: 1 },
      traitsCurrent: { city: 1 },
      traitsLost: { plan: 1, theme: 1 },
      decisions: { ProfileAbsorbed: 1, ProfileCreated: 1, ProfilesMerged: 1 },
    });
    const { body: own } = await temas.get<{ traitsCurrent: object; identifiers: object }>(
      '/v1/sources/default/contributions',
    );
    expect(own).toMatchObject({
      identifiers: { user_id: 1 },
      traitsCurrent: { plan: 1, theme: 1 },
      traitsLost: { city: 1 },
    });
    expect((await temas.get('/v1/sources/nobody/contributions')).status).toBe(404);
    const response = await fetch(`${temas.url}/v1/sources/web/contributions`, {
      headers: { authorization: `Bearer ${KEYS.analyst}` },
    });
    expect(response.status).toBe(200);
    const [merges] = await temas.sql<{ source: string }>(
      `SELECT source FROM source_contributions WHERE contribution = 'decisions' AND name = 'ProfilesMerged'`,
    );
    expect(merges).toEqual({ source: 'web' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { Analytics } from '@segment/analytics-node';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface ProfileAnswer {
  id: string;
  traits: Record<string, { value: unknown; at: string; source: string; eventId: string; anchor: string }>;
  identifiers: { namespace: string; value: string }[];
  eventCount: number;
}

describe('from the first touchpoint to a stitched profile', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('joins anonymous page views with the person who identifies later, and rewrites no row', async () => {
    for (const path of ['/', '/shoes', '/shoes/42']) {
      const { status } = await temas.send('page', {
        anonymousId: 'visitor-1',
        name: 'Shop',
        properties: { path, url: `https://shop.example${path}` },
      });
      expect(status).toBe(200);
    }
    const before = await temas.send('track', { anonymousId: 'visitor-1', event: 'Product Added' });
    const [anonymous] = await temas.sql<{ profile_id: string; rows: string }>(
      'SELECT profile_id, count() AS rows FROM events GROUP BY profile_id',
      before.body.position,
    );
    expect(Number(anonymous?.rows)).toBe(4);

    const { body } = await temas.send('identify', {
      userId: 'U-7',
      anonymousId: 'visitor-1',
      traits: { email: 'Ayşe.Yılmaz@Example.COM', name: 'Ayşe', plan: 'gold' },
    });
    const { body: profile } = await temas.get<ProfileAnswer>(
      `/v1/profiles/lookup?namespace=email&value=${encodeURIComponent('ayşe.yılmaz@example.com')}&after=${body.position}`,
    );
    expect(profile.eventCount).toBe(5);
    expect(profile.traits.plan).toMatchObject({ value: 'gold', source: 'default' });
    expect(profile.traits.plan?.eventId).toMatch(/^[0-9a-f-]{36}$/);
    expect(profile.identifiers.map(({ namespace }) => namespace).sort()).toEqual([
      'anonymous_id',
      'email',
      'user_id',
    ]);

    const rows = await temas.sql<{ profile_id: string; kind: string }>(
      'SELECT profile_id, kind FROM events ORDER BY position',
      body.position,
    );
    expect(rows).toHaveLength(5);
    expect(new Set(rows.map(({ profile_id }) => profile_id))).toEqual(new Set([profile.id]));
    const people = await temas.sql('SELECT profile_id, email, user_ids, event_count FROM profiles');
    expect(people).toHaveLength(1);
    expect(people[0]).toMatchObject({ profile_id: profile.id, user_ids: ['U-7'] });
  });

  it('answers events, identifiers and decisions of a profile', async () => {
    const { body } = await temas.send('identify', { userId: 'U-7', traits: { plan: 'platinum' } });
    const after = `after=${body.position}`;
    const { body: found } = await temas.get<ProfileAnswer>(
      `/v1/profiles/lookup?namespace=user_id&value=U-7&${after}`,
    );
    expect(found.traits.plan?.value).toBe('platinum');
    const { body: events } = await temas.get<{
      events: { kind: string; properties: object }[];
      cursor?: string;
    }>(`/v1/profiles/${found.id}/events?${after}&limit=4`);
    expect(events.events).toHaveLength(4);
    const { body: rest } = await temas.get<{ events: unknown[]; cursor?: string }>(
      `/v1/profiles/${found.id}/events?cursor=${encodeURIComponent(events.cursor as string)}`,
    );
    expect(rest.events).toHaveLength(2);
    const { body: identifiers } = await temas.get<{ identifiers: unknown[] }>(
      `/v1/profiles/${found.id}/identifiers`,
    );
    expect(identifiers.identifiers).toHaveLength(3);
    const { body: decisions } = await temas.get<{ decisions: { kind: string }[] }>(
      `/v1/profiles/${found.id}/decisions?${after}`,
    );
    expect(decisions.decisions.map(({ kind }) => kind)).toContain('ProfileCreated');
  });

  it('merges two profiles into one and shows the survivor on every earlier row', async () => {
    await temas.send('track', {
      anonymousId: 'phone-a',
      event: 'Opened',
      context: { traits: { email: 'm@merge.example' } },
    });
    await temas.send('identify', { userId: 'U-9', traits: { name: 'M' } });
    const { body } = await temas.send('identify', { userId: 'U-9', traits: { email: 'M@merge.example' } });
    const rows = await temas.sql<{ profile_id: string }>(
      `SELECT DISTINCT profile_id FROM events WHERE user_id = 'U-9' OR anonymous_id = 'phone-a'`,
      body.position,
    );
    expect(rows).toHaveLength(1);
    const merged = await temas.sql<{ kind: string }>(
      `SELECT kind FROM identity_decisions WHERE kind = 'ProfilesMerged'`,
    );
    expect(merged.length).toBeGreaterThan(0);
  });

  it('never holds two user ids in one profile', async () => {
    await temas.send('track', { anonymousId: 'shared-tablet', userId: 'K-1', event: 'Login' });
    const { body } = await temas.send('track', {
      anonymousId: 'shared-tablet',
      userId: 'K-2',
      event: 'Login',
    });
    const rows = await temas.sql<{ user_ids: string[] }>(
      `SELECT user_ids FROM profiles WHERE hasAny(user_ids, ['K-1', 'K-2'])`,
      body.position,
    );
    expect(rows.map(({ user_ids }) => user_ids.length)).toEqual([1, 1]);
  });

  it('reports bad items one by one and stores the others', async () => {
    const { status, body } = await temas.send('batch', {
      batch: [
        { type: 'track', userId: 'B-1', event: 'Good' },
        { type: 'track', userId: 'B-1' },
        { type: 'nonsense', userId: 'B-1' },
        { type: 'track', event: 'Nobody' },
        { type: 'track', userId: 'null', event: 'Blocked' },
      ],
    });
    expect(status).toBe(200);
    expect(body.errors?.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(body.warnings?.map(({ index }) => index)).toContain(4);
    const stored = await temas.sql<{ event: string; profile_id: string }>(
      `SELECT event, profile_id FROM events WHERE event IN ('Good', 'Blocked', 'Nobody') ORDER BY event`,
      body.position,
    );
    expect(stored.map(({ event }) => event)).toEqual(['Blocked', 'Good']);
    expect(stored[0]?.profile_id).toBe('00000000-0000-0000-0000-000000000000');
  });

  it('takes events of the Segment SDK for Node unchanged', async () => {
    const analytics = new Analytics({ writeKey: KEYS.write, host: temas.url, flushAt: 3 });
    analytics.identify({ userId: 'sdk-1', traits: { email: 'sdk@example.com' } });
    analytics.track({ userId: 'sdk-1', event: 'Signed Up', properties: { plan: 'pro' } });
    analytics.page({ userId: 'sdk-1', name: 'Home' });
    await analytics.closeAndFlush();
    const { body } = await temas.send('track', { userId: 'sdk-1', event: 'Last' });
    const rows = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE user_id = 'sdk-1'`,
      body.position,
    );
    expect(Number(rows[0]?.n)).toBe(4);
  });

  it('answers @clickhouse/client with an analyst key', async () => {
    const client = createClient({
      url: temas.url,
      pathname: '/sql',
      password: KEYS.analyst,
      log: { level: ClickHouseLogLevel.OFF },
    });
    expect((await client.ping()).success).toBe(true);
    const result = await client.query({
      query: 'SELECT count() AS n FROM events WHERE kind = {kind:String}',
      query_params: { kind: 'page' },
      format: 'JSONEachRow',
    });
    const [row] = await result.json<{ n: string }>();
    expect(Number(row?.n)).toBeGreaterThanOrEqual(3);
    await expect(client.command({ query: 'DROP TABLE events' })).rejects.toThrow();
    await expect(client.query({ query: 'SELECT 1; SELECT 2' })).rejects.toThrow();
    await client.close();
  });

  it('waits no longer than asked and says how far behind it is', async () => {
    const { status, body } = await temas.get<{ lag: string }>(
      '/v1/profiles/lookup?namespace=user_id&value=U-7&after=18446744073709551615&wait=0',
    );
    expect(status).toBe(504);
    expect(body.lag).toMatch(/^\d+$/);
  });

  it('opens nothing without a key', async () => {
    const { body: description } = await temas.get<{ paths: Record<string, Record<string, unknown>> }>(
      '/openapi.json',
    );
    const open = new Set(['/healthz', '/readyz', '/metrics', '/sql/ping']);
    const checked: string[] = [];
    for (const [path, verbs] of Object.entries(description.paths)) {
      if (open.has(path)) continue;
      for (const verb of Object.keys(verbs)) {
        if (!['get', 'post', 'put', 'delete', 'patch'].includes(verb)) continue;
        const response = await fetch(`${temas.url}${path.replace('{id}', '1')}`, {
          method: verb.toUpperCase(),
          body: verb === 'get' ? undefined : '{}',
        });
        checked.push(`${verb} ${path} ${response.status}`);
        expect([401, 403]).toContain(response.status);
      }
    }
    expect(checked.length).toBeGreaterThan(15);
  });

  it('shows health and metrics without personal data', async () => {
    expect((await fetch(`${temas.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${temas.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${temas.url}/metrics`)).text();
    expect(metrics).toMatch(/temas_projection_lag_events\{projection="warehouse"\} 0/);
    expect(metrics).toMatch(/temas_ingest_items_total\{outcome="accepted"\} \d+/);
    expect(metrics).not.toContain('example.com');
    expect(temas.printed).not.toContain('example.com');
  });

  it('takes touchpoints before its projections are open, and lets reads wait for them', async () => {
    await temas.kill();
    temas = await TemasProcess.start(data.path, { eager: true });
    const { body } = await temas.send('track', { userId: 'early', event: 'Bird' });
    const [row] = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE event = 'Bird'`,
      body.position,
    );
    expect(row?.n).toBe('1');
    const { status } = await temas.get('/v1/profiles/lookup?namespace=user_id&value=early');
    expect(status).toBe(200);
  });
});

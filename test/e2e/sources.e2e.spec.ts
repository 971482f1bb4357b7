import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface Shown {
  readonly writeKey: string;
  readonly writeKeys: readonly { keyId: string; hint: string; endsAt: string | null }[];
}

const MINUTE = 60_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0';

describe('sources', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function create(settings: Record<string, unknown>): Promise<Shown> {
    const { status, body } = await temas.call<Shown>('POST', '/v1/sources', settings);
    expect(status).toBe(201);
    return body;
  }

  const event = (userId: string): Record<string, unknown> => ({ userId, event: 'Seen' });

  it(
    'gives a source keys of its own that work at once, also after a restart',
    async () => {
      const { writeKey } = await create({ source: 'web', trust: 'client' });
      const first = await temas.sendWith(writeKey, 'track', event('s1'));
      expect(first.status).toBe(200);
      await temas.kill();
      temas = await TemasProcess.start(data.path);
      const { body } = await temas.sendWith(writeKey, 'track', event('s2'));
      const rows = await temas.sql(
        `SELECT source, user_id FROM events WHERE user_id IN ('s1', 's2') ORDER BY position`,
        body.position,
      );
      expect(rows).toEqual([
        { source: 'web', user_id: 's1' },
        { source: 'web', user_id: 's2' },
      ]);
      const { body: list } = await temas.get<{ sources: { source: string }[] }>('/v1/sources');
      expect(list.sources.map(({ source }) => source)).toEqual(['default', 'web']);
      expect(JSON.stringify(list)).not.toContain(writeKey);
    },
    MINUTE,
  );

  it('rotates keys: the old one goes on for the overlap, then no more', async () => {
    const old = (await create({ source: 'app', trust: 'client' })).writeKey;
    const rotate = (overlapSeconds: number): Promise<{ status: number; body: Shown }> =>
      temas.call('POST', '/v1/sources/app/keys', { overlapSeconds });
    const second = (await rotate(2)).body.writeKey;
    for (const key of [old, second])
      expect((await temas.sendWith(key, 'track', event('r'))).status).toBe(200);
    await pause(2_100);
    expect((await temas.sendWith(old, 'track', event('r'))).status).toBe(401);
    const third = (await rotate(0)).body;
    expect((await temas.sendWith(second, 'track', event('r'))).status).toBe(401);
    const last = third.writeKeys.at(-1)?.keyId as string;
    expect((await temas.call('DELETE', `/v1/sources/app/keys/${last}`)).status).toBe(200);
    expect((await temas.sendWith(third.writeKey, 'track', event('r'))).status).toBe(401);
  });

  it('answers 429 with Retry-After over the limit of a key, and takes the same after it', async () => {
    const { writeKey } = await create({ source: 'slow', trust: 'client', rateLimit: 5 });
    const batch = Array.from({ length: 5 }, (_, i) => ({
      type: 'track',
      messageId: `l${i}`,
      ...event('limit'),
    }));
    expect((await temas.sendWith(writeKey, 'batch', { batch })).status).toBe(200);
    const over = { ...event('limit'), messageId: 'over' };
    const limited = await temas.sendWith(writeKey, 'track', over, { origin: 'https://shop.example' });
    expect(limited.status).toBe(429);
    expect(limited.headers.get('access-control-expose-headers')).toMatch(/Retry-After/);
    const seconds = Number(limited.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect((await temas.send('track', event('limit-other'))).status).toBe(200);
    await pause(seconds * 1_000);
    const { status, body } = await temas.sendWith(writeKey, 'track', over);
    expect(status).toBe(200);
    const [row] = await temas.sql<{ n: string }>(
      `SELECT toString(uniqExact(message_id)) AS n FROM events WHERE source = 'slow'`,
      body.position,
    );
    expect(row?.n).toBe('6');
  });

  it('takes address and user agent from the request for client sources only, and marks bots', async () => {
    const { writeKey } = await create({ source: 'site', trust: 'client' });
    const agent = { 'user-agent': BROWSER, 'x-forwarded-for': '198.51.100.9' };
    await temas.sendWith(writeKey, 'track', event('ip-client'), agent);
    await temas.sendWith(writeKey, 'track', event('ip-bot'), {
      'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    });
    const { body } = await temas.sendWith(KEYS.write, 'track', event('ip-server'), agent);
    const rows = await temas.sql(
      `SELECT user_id, is_bot, JSONExtractString(context, 'ip') AS ip,
              JSONExtractString(context, 'userAgent') = '${BROWSER}' AS agent
       FROM events WHERE user_id LIKE 'ip-%' ORDER BY position`,
      body.position,
    );
    expect(rows).toEqual([
      { user_id: 'ip-client', is_bot: 0, ip: '127.0.0.1', agent: 1 },
      { user_id: 'ip-bot', is_bot: 1, ip: '127.0.0.1', agent: 0 },
      { user_id: 'ip-server', is_bot: 0, ip: '', agent: 0 },
    ]);
  });

  it(
    'believes X-Forwarded-For of a proxy that it was told to trust',
    async () => {
      await temas.stop();
      temas = await TemasProcess.start(data.path, { env: { TEMAS_TRUST_PROXY: '127.0.0.1' } });
      const { writeKey } = await create({ source: 'proxied', trust: 'client' });
      const { body } = await temas.sendWith(writeKey, 'track', event('proxied'), {
        'x-forwarded-for': '192.0.2.44, 198.51.100.9',
      });
      const rows = await temas.sql(
        `SELECT JSONExtractString(context, 'ip') AS ip FROM events WHERE user_id = 'proxied'`,
        body.position,
      );
      expect(rows).toEqual([{ ip: '198.51.100.9' }]);
    },
    MINUTE,
  );

  it('says which field of a source cannot be taken', async () => {
    const { status, body } = await temas.call<{ errors: { field: string }[] }>('POST', '/v1/sources', {
      source: 'Bad Name',
      trust: 'client',
    });
    expect([status, body.errors[0]?.field]).toEqual([400, 'source']);
    expect((await temas.call('POST', '/v1/sources', { source: 'web', trust: 'client' })).status).toBe(409);
    const elsewhere = { source: 'x', trust: 'client', workspace: 'other' };
    expect((await temas.call('POST', '/v1/sources', elsewhere)).status).toBe(403);
    const analyst = await fetch(`${temas.url}/v1/sources`, {
      headers: { authorization: `Bearer ${KEYS.analyst}` },
    });
    expect(analyst.status).toBe(403);
  });
});

describe('event schemas', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('marks what breaks its schema on every channel, and refuses it only where the source says so', async () => {
    const schema = {
      type: 'object',
      required: ['sku', 'price'],
      properties: { sku: { type: 'string' }, price: { type: 'number', minimum: 0 } },
    };
    const set = await temas.call('PUT', '/v1/schemas', { event: 'Product Viewed', schema });
    expect(set.status).toBe(200);
    const strict = await temas.call<Shown>('POST', '/v1/sources', {
      source: 'strict',
      trust: 'client',
      onViolation: 'refuse',
    });
    const view = (userId: string, properties: object): object => ({
      userId,
      event: 'Product Viewed',
      properties,
    });

    const good = await temas.send('track', view('v1', { sku: 'A', price: 1 }));
    expect(good.body.warnings).toBeUndefined();
    const bad = await temas.send('track', view('v2', { sku: 'secret-value', price: 'secret-price' }));
    expect(bad.status).toBe(200);
    expect(bad.body.warnings?.map(({ code, field }) => [code, field])).toEqual([
      ['schema_violation', 'properties.price'],
    ]);
    expect(JSON.stringify(bad.body)).not.toContain('secret');
    const refused = await temas.sendWith(strict.body.writeKey, 'batch', {
      batch: [
        { type: 'track', ...view('v3', {}) },
        { type: 'track', ...view('v4', { sku: 'B', price: 2 }) },
      ],
    });
    expect(refused.body.errors?.map(({ index, code, field }) => [index, code, field])).toEqual([
      [0, 'schema_violation', 'properties.sku'],
    ]);
    const form = new URLSearchParams({ event: 'Product Viewed', email: 'v5@example.com', sku: 'C' });
    const hook = await fetch(`${temas.url}/v1/sources/${KEYS.write}/webhook`, { method: 'POST', body: form });
    const { position } = (await hook.json()) as { position: string };
    const { body } = await temas.get<{ violations: object[] }>(`/v1/schemas/violations?after=${position}`);
    expect(body.violations).toMatchObject([
      {
        source: 'default',
        kind: 'track',
        event: 'Product Viewed',
        violation: 'properties.price: required',
        events: 1,
      },
      {
        source: 'default',
        kind: 'track',
        event: 'Product Viewed',
        violation: 'properties.price: type',
        events: 1,
      },
    ]);
    const rows = await temas.sql(
      `SELECT user_id, has(flags, 'schema_violation') AS bad FROM events WHERE user_id != '' ORDER BY position`,
    );
    expect(rows).toEqual([
      { user_id: 'v1', bad: 0 },
      { user_id: 'v2', bad: 1 },
      { user_id: 'v4', bad: 0 },
    ]);
    const metrics = await (
      await fetch(`${temas.url}/metrics`, {
        headers: { authorization: `Bearer ${KEYS.admin}` },
      })
    ).text();
    expect(metrics).toMatch(/temas_schema_violations_total\{source="strict",outcome="refused"\} 1/);
  });
});

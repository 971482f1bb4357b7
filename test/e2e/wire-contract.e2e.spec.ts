import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';
import type { IngestAnswer } from '../support/temas-process.ts';

const BASIC = { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}` };
const MINUTE = 60_000;

interface LogLine {
  position: string;
  ids?: string[];
  payload?: Record<string, unknown>;
}

/** One test for each line of the compatibility checklist of the wire contract. */
describe('wire contract', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${temas.url}${path}`, { method: 'POST', headers: BASIC, ...init });
  }

  async function accepted(path: string, init: RequestInit): Promise<IngestAnswer> {
    const response = await call(path, init);
    const body = (await response.json()) as IngestAnswer;
    expect([path, response.status, body]).toEqual([path, 200, expect.objectContaining({ success: true })]);
    return body;
  }

  async function count(where: string, after?: string): Promise<number> {
    const [row] = await temas.sql<{ n: string }>(`SELECT count() AS n FROM events WHERE ${where}`, after);
    return Number(row?.n);
  }

  async function logged(): Promise<LogLine[]> {
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/run/temas.js', 'log'], {
      env: { ...process.env, NODE_OPTIONS: '', TEMAS_DATA_DIR: data.path, TEMAS_WRITE_KEY: KEYS.write },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
  }

  const one = { userId: 'w', event: 'E', properties: {} };

  it('1: takes long and short paths, import, Jitsu’s and RudderStack’s, with and without a slash', async () => {
    const long = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
    const short = ['t', 'i', 'p', 's', 'g', 'a'];
    const single: [path: string, kind: string][] = [
      ...long.map((name): [string, string] => [`/v1/${name}`, name]),
      ...short.map((name, i): [string, string] => [`/v1/${name}`, long[i] as string]),
      ...long.map((name): [string, string] => [`/api/s/${name}`, name]),
      ...long.map((name): [string, string] => [`/api/s/s2s/${name}`, name]),
      ['/api/s/event', 'screen'],
      ['/v1/track/', 'track'],
      ['/api/s/page/', 'page'],
    ];
    const item = { userId: 'p1', event: 'Path', groupId: 'g1', previousId: 'p0', type: 'screen' };
    let position: string | undefined;
    for (const [path] of single) {
      ({ position } = await accepted(path, { body: JSON.stringify({ ...item, messageId: `path ${path}` }) }));
    }
    const batches = [
      '/v1/batch',
      '/v1/import',
      '/v1/b',
      '/beacon/v1/batch',
      '/v1/batch/',
      '/beacon/v1/batch/',
    ];
    for (const path of batches) {
      const batch = [
        { ...item, type: 'track', timestamp: '2024-05-06T07:08:09Z', messageId: `path ${path}` },
      ];
      ({ position } = await accepted(path, { body: JSON.stringify({ batch }) }));
    }
    const rows = await temas.sql<{ message_id: string; kind: string }>(
      `SELECT message_id, kind FROM events WHERE startsWith(message_id, 'path /')`,
      position,
    );
    const kinds = Object.fromEntries(rows.map(({ message_id, kind }) => [message_id, kind]));
    const expected = [...single, ...batches.map((path) => [path, 'track'] as const)];
    expect(rows).toHaveLength(expected.length);
    expect(kinds).toEqual(Object.fromEntries(expected.map(([path, kind]) => [`path ${path}`, kind])));
  });

  it('2: answers what browser SDKs ask for first, and drops what they measure of themselves', async () => {
    const get = (path: string, headers = {}): Promise<Response> => call(path, { method: 'GET', headers });
    const host = new URL(temas.url).host;
    const settings = (apiHost: string, protocol = 'http'): object => ({
      integrations: { 'Segment.io': { apiKey: KEYS.write, apiHost, protocol } },
    });
    const path = `/v1/projects/${KEYS.write}/settings`;
    expect(await (await get(path)).json()).toEqual(settings(`${host}/v1`));
    expect(await (await get(`${path}/`)).json()).toEqual(settings(`${host}/v1`));
    expect(await (await get(`/e${path}`)).json()).toEqual(settings(`${host}/e/v1`));
    const behindTls = await get(path, { 'x-forwarded-proto': 'https' });
    expect(await behindTls.json()).toEqual(settings(`${host}/v1`, 'https'));
    const unknown = await get('/v1/projects/nobody/settings');
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/problem\+json/);

    const search = `p=npm&v=3.34.1&build=modern&writeKey=${KEYS.write}&lockIntegrationsVersion=true`;
    for (const response of [
      await get(`/sourceConfig/?${search}`, BASIC),
      await get(`/sourceConfig?${search}`),
      await get('/sourceConfig', BASIC),
      await get('/e/sourceConfig', BASIC),
    ]) {
      expect(response.status).toBe(200);
      const { source } = (await response.json()) as { source: Record<string, unknown> };
      expect(source).toMatchObject({ writeKey: KEYS.write, enabled: true, destinations: [] });
      expect(source.config).toEqual({
        statsCollection: { errors: { enabled: false }, metrics: { enabled: false } },
      });
    }
    expect((await get('/sourceConfig/?writeKey=nobody')).status).toBe(404);
    expect((await get('/sourceConfig')).status).toBe(404);

    for (const metrics of ['/v1/m', '/v1/m/', '/e/v1/m']) {
      expect((await call(metrics, { headers: {}, body: '{"series":[]}' })).status).toBe(200);
    }
  });

  it('3: lets browsers of any site in, on errors too, and nowhere else', async () => {
    const origin = 'https://shop.example';
    const asked = 'anonymousid,authorization,content-type,rsa-retry-attempt,sentat,x-anything';
    const preflight = (path: string): Promise<Response> =>
      call(path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': asked,
        },
      });
    for (const path of [
      '/v1/track',
      '/v1/t',
      '/v1/m',
      '/v1/batch/',
      '/api/s/track',
      '/beacon/v1/batch?writeKey=x',
      '/e/v1/p',
      '/v1/projects/nobody/settings',
      '/sourceConfig/?writeKey=x',
    ]) {
      const response = await preflight(path);
      expect([path, response.status]).toEqual([path, 204]);
      const header = (name: string): string | null => response.headers.get(`access-control-${name}`);
      expect(header('allow-headers')).toBe(asked);
      expect(header('allow-methods')).toBe('POST');
      expect(header('allow-origin')).toBe(origin);
      expect(header('allow-credentials')).toBe('true');
      expect(Number(header('max-age'))).toBeGreaterThan(0);
    }

    const headers = { ...BASIC, origin };
    const answers: [number, Response][] = [
      [200, await call('/v1/track', { headers, body: JSON.stringify(one) })],
      [200, await call(`/v1/projects/${KEYS.write}/settings`, { method: 'GET', headers })],
      [400, await call('/v1/track', { headers, body: 'x' })],
      [401, await call('/v1/track', { headers: { origin }, body: JSON.stringify(one) })],
      [404, await call('/v1/projects/nobody/settings', { method: 'GET', headers })],
      [404, await call('/api/s/nothing', { headers, body: '{}' })],
      [405, await call('/v1/track', { method: 'GET', headers })],
      [413, await call('/v1/batch', { headers, body: ' '.repeat(600 * 1024) })],
      [413, await call('/v1/batch', { headers, body: ' '.repeat(1100 * 1024) })],
      [415, await call('/v1/track', { headers: { ...headers, 'content-encoding': 'br' }, body: '{}' })],
    ];
    for (const [status, response] of answers) {
      expect(response.status).toBe(status);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toMatch(/Origin/);
      expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, X-RateLimit-Reset');
    }

    for (const path of ['/v1/profiles/lookup', '/sql', '/v1/projections', '/openapi.json', '/v1/nothing']) {
      const response = await preflight(path);
      expect([path, response.headers.get('access-control-allow-origin')]).toEqual([path, null]);
      expect(response.status).not.toBe(204);
    }
  });

  it('4: reads JSON under any content type, with gzip, and counts bytes after decompression', async () => {
    const types = [
      'application/json',
      'application/json;charset=UTF-8',
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'no type at all',
      ';;',
    ];
    for (const [i, type] of types.entries()) {
      for (const gzip of [false, true]) {
        const text = JSON.stringify({ batch: [{ ...one, type: 'track', messageId: `type ${i} ${gzip}` }] });
        await accepted('/v1/batch', {
          headers: { ...BASIC, 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) },
          body: gzip ? gzipSync(text) : text,
        });
      }
    }
    const untyped = Buffer.from(JSON.stringify({ ...one, messageId: 'type none' }));
    const { position } = await accepted('/v1/track', { body: untyped });
    expect(await count(`startsWith(message_id, 'type ')`, position)).toBe(types.length * 2 + 1);

    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 0x20));
    const refused = await call('/v1/batch', {
      headers: { ...BASIC, 'content-encoding': 'gzip' },
      body: bomb,
    });
    expect(refused.status).toBe(413);
  });

  it('5: finds the write key in all five places, and never keeps it', async () => {
    const basic = (text: string): object => ({
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    });
    const item = { ...one, type: 'track' };
    const key = KEYS.write;
    const ways: [path: string, headers: object, body: object][] = [
      ['/v1/track', basic(`${key}:`), item],
      ['/v1/track', basic(key), item],
      ['/v1/track', basic(`${key}:password`), item],
      ['/v1/track', basic(`${key}:`), { ...item, writeKey: 'other' }],
      ['/v1/track', { 'x-write-key': key }, { ...item, writeKey: 'k:***' }],
      ['/api/s/track', { 'x-write-key': `${key}:secret` }, item],
      ['/v1/track', {}, { ...item, writeKey: key }],
      ['/v1/track', { authorization: 'Bearer token' }, { ...item, writeKey: key }],
      ['/v1/batch', {}, { writeKey: key, batch: [item] }],
      ['/v1/batch', {}, { batch: [{ ...item, writeKey: key }] }],
      [`/v1/track?writeKey=${key}`, {}, item],
      [`/beacon/v1/batch?writeKey=${key}`, {}, { batch: [item] }],
    ];
    let position: string | undefined;
    for (const [i, [path, headers, body]] of ways.entries()) {
      const event = { event: `Key ${i}` };
      const { batch } = body as { batch?: object[] };
      const named = batch === undefined ? event : { batch: batch.map((each) => ({ ...each, ...event })) };
      const init = {
        headers: headers as Record<string, string>,
        body: JSON.stringify({ ...body, ...named }),
      };
      ({ position } = await accepted(path, init));
    }
    expect(await count(`startsWith(event, 'Key ')`, position)).toBe(ways.length);
    expect(JSON.stringify(await logged())).not.toMatch(new RegExp(`writeKey|${key}`));

    const bad: [object, object][] = [
      [{}, item],
      [basic('nobody:'), { ...item, writeKey: key }],
      [{ authorization: 'Bearer token' }, item],
    ];
    for (const [headers, body] of bad) {
      const init = { headers: headers as Record<string, string>, body: JSON.stringify(body) };
      expect((await call('/v1/track', init)).status).toBe(401);
    }
    const two = {
      batch: [
        { ...item, writeKey: key },
        { ...item, writeKey: 'nobody' },
      ],
    };
    expect((await call('/v1/batch', { headers: {}, body: JSON.stringify(two) })).status).toBe(401);
  });

  it('6: takes any messageId, and derives one from the content so that a retry is a duplicate', async () => {
    const ids = ['m', 'node-next-1700000000000-0b8e', '9zq4k2l1m0n8b7v6c5x4a', 'x'.repeat(100), 'ş ü/=+'];
    let position: string | undefined;
    for (const messageId of [...ids, ...ids]) {
      const body = JSON.stringify({ ...one, event: 'Any Id', messageId });
      ({ position } = await accepted('/v1/track', { body }));
    }
    expect(await count(`event = 'Any Id'`, position)).toBe(ids.length);

    const bytes = JSON.stringify({ ...one, event: 'No Id', timestamp: '2024-01-02T03:04:05.678Z' });
    const first = await accepted('/v1/track', { body: bytes });
    const again = await accepted('/v1/track', { body: bytes });
    expect(again.position).toBe(first.position);
    const item = JSON.parse(bytes) as object;
    const stamped = { ...item, sentAt: new Date().toISOString(), _metadata: { retryCount: 1 } };
    expect((await accepted('/v1/t', { body: JSON.stringify(stamped) })).position).toBe(first.position);
    const batch = JSON.stringify({
      batch: [0, 1].map(() => ({ ...item, type: 'track', event: 'No Id Either' })),
    });
    await accepted('/v1/batch', { body: batch });
    ({ position } = await accepted('/v1/batch', { body: batch }));
    expect(await count(`event = 'No Id'`, position)).toBe(1);
    expect(await count(`event = 'No Id Either'`, position)).toBe(2);

    const tooLong = JSON.stringify({ ...one, messageId: 'x'.repeat(101) });
    expect((await call('/v1/track', { body: tooLong })).status).toBe(400);
  });

  it('7: judges the items of a batch one by one', async () => {
    const item = { type: 'track', userId: 'seven', event: 'Seven' };
    const batch = [
      { ...item },
      { ...item, event: undefined },
      { type: 'group', userId: 's' },
      7,
      { ...item },
    ];
    const answer = await accepted('/v1/batch', { body: JSON.stringify({ batch }) });
    expect(answer.errors?.map(({ index, field }) => [index, field])).toEqual([
      [1, 'event'],
      [2, 'groupId'],
      [3, ''],
    ]);
    const rows = await temas.sql(
      `SELECT batch_index FROM events WHERE event = 'Seven' ORDER BY position`,
      answer.position,
    );
    expect(rows).toEqual([{ batch_index: 0 }, { batch_index: 4 }]);
    const allBad = await accepted('/v1/batch', { body: JSON.stringify({ batch: [7] }) });
    expect(allBad.errors).toHaveLength(1);
  });

  it('8: answers 200 only for what outlives a power cut, and 4xx only for what a retry cannot mend', async () => {
    const { position } = await accepted('/v1/track', { body: JSON.stringify({ ...one, event: 'Durable' }) });
    await temas.kill();
    temas = await TemasProcess.start(data.path);
    expect(await count(`event = 'Durable'`, position)).toBe(1);
    expect((await call('/v1/track', { body: '{' })).status).toBe(400);
    expect((await call('/v1/track', { body: JSON.stringify({ event: 'E' }) })).status).toBe(400);
    expect((await call('/v1/track', { headers: {}, body: '{}' })).status).toBe(401);
    expect((await call('/v1/batch', { body: ' '.repeat(600 * 1024) })).status).toBe(413);
  }, 60_000);

  it('9: corrects times by the sender’s clock within bounds, and keeps them as sent', async () => {
    const now = Date.now();
    const iso = (ms: number): string => new Date(ms).toISOString();
    const happened = now - 3 * 24 * 60 * MINUTE;
    const cases: [name: string, clockOff: number | string | undefined, shift: number][] = [
      ['slow by an hour', -60 * MINUTE, 60 * MINUTE],
      ['fast by an hour', 60 * MINUTE, -60 * MINUTE],
      ['fast by two seconds', 2_000, 0],
      ['slow by 25 hours', -25 * 60 * MINUTE, 0],
      ['without sentAt', undefined, 0],
      ['with a sentAt of no meaning', 'just now', 0],
    ];
    for (const [name, off] of cases) {
      const sentAt = typeof off === 'number' ? iso(now + off) : off;
      const batch = [{ ...one, type: 'track', event: 'Clock', messageId: name, timestamp: iso(happened) }];
      await accepted('/v1/batch', { body: JSON.stringify({ batch, sentAt }) });
    }
    const future = { ...one, event: 'Clock', messageId: 'future', timestamp: iso(now + 60 * MINUTE) };
    const flagged = await accepted('/v1/track', { body: JSON.stringify(future) });
    expect(flagged.warnings?.map(({ code }) => code)).toEqual(['timestamp_in_future']);
    const both = { ...one, event: 'Clock', messageId: 'both', sentAt: iso(now) };
    const times = { originalTimestamp: iso(happened), timestamp: iso(happened + 1) };
    const { position } = await accepted('/v1/track', { body: JSON.stringify({ ...both, ...times }) });

    const rows = await temas.sql<{ message_id: string; at: string; arrived: string }>(
      `SELECT message_id, toUnixTimestamp64Milli(occurred_at) AS at,
         toUnixTimestamp64Milli(received_at) AS arrived FROM events WHERE event = 'Clock'`,
      position,
    );
    const at = (name: string): number => Number(rows.find(({ message_id }) => message_id === name)?.at);
    for (const [name, , shift] of cases) {
      const error = at(name) - (happened + shift);
      // The shift is measured on arrival, some ms after `now` was read.
      expect([name, shift === 0 ? error === 0 : error >= 0 && error < MINUTE]).toEqual([name, true]);
    }
    const clamped = rows.find(({ message_id }) => message_id === 'future');
    expect(clamped?.at).toBe(clamped?.arrived);

    const lines = (await logged()).filter(({ payload }) => payload?.event === 'Clock');
    const payload = (id: string): Record<string, unknown> =>
      lines.find((line) => line.payload?.messageId === id)?.payload ?? {};
    expect(payload('slow by an hour')).toMatchObject({
      timestamp: iso(happened),
      sentAt: iso(now - 60 * MINUTE),
    });
    expect(payload('with a sentAt of no meaning')).toMatchObject({ sentAt: 'just now' });
    expect(payload('future')).toMatchObject({ timestamp: future.timestamp });
    expect(payload('both')).toMatchObject({ ...times, sentAt: iso(now) });
  });

  it('10: bears userId null, numeric ids, _metadata and unknown keys', async () => {
    const odd = {
      type: 'track',
      event: 'Odd',
      _metadata: { bundled: [], unbundled: ['x'], retryCount: 1 },
      unheardOf: { deep: [1] },
      channel: 'server',
    };
    const batch = [
      { ...odd, userId: null, anonymousId: 'odd-1' },
      { ...odd, userId: 42 },
      { ...odd, userId: '7', anonymousId: 1234567890123 },
      { ...odd, userId: 0, anonymousId: null },
    ];
    const answer = await accepted('/v1/batch', { body: JSON.stringify({ batch }) });
    expect(answer.errors).toBeUndefined();
    const rows = await temas.sql(
      `SELECT user_id, anonymous_id FROM events WHERE event = 'Odd' ORDER BY position`,
      answer.position,
    );
    expect(rows.slice(0, 3)).toEqual([
      { user_id: '', anonymous_id: 'odd-1' },
      { user_id: '42', anonymous_id: '' },
      { user_id: '7', anonymous_id: '1234567890123' },
    ]);
    expect(rows).toHaveLength(4);
    const kept = (await logged()).find(({ payload }) => payload?.userId === '42');
    expect(kept?.payload).toMatchObject({ unheardOf: { deep: [1] }, channel: 'server' });
  });

  it('10: bears what PHP and Go write for objects without members', async () => {
    const item = {
      type: 'track',
      userId: 'empty',
      event: 'Empty',
      properties: [],
      context: [],
      integrations: [],
    };
    for (const context of [[], null]) {
      const body = JSON.stringify({ batch: [item], context, integrations: null, sentAt: null });
      expect((await accepted('/v1/batch', { body })).errors).toBeUndefined();
    }
    expect((await call('/v1/batch', { body: JSON.stringify({ batch: [item], context: [1] }) })).status).toBe(
      400,
    );
  });

  it('11: counts an order that browser and server both report once', async () => {
    const properties = { order_id: 'ord-1', revenue: 20, total: 25, currency: 'EUR', products: [] };
    const order = { type: 'track', userId: 'buyer', event: 'Order Completed', properties };
    await accepted('/v1/t', { body: JSON.stringify({ ...order, messageId: 'ajs-next-1' }) });
    const body = JSON.stringify({ batch: [{ ...order, messageId: 'node-next-2' }] });
    const { position } = await accepted('/v1/batch', { body });
    const rows = await temas.sql<{ status: string; net: unknown }>(
      `SELECT status, net FROM orders WHERE order_id = 'ord-1'`,
      position,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.status).toBe('completed');
    expect(Number(rows[0]?.net)).toBe(20);
    expect(await count(`event = 'Order Completed'`)).toBe(2);
  });

  it('12: takes the beacon of a page that unloads: text/plain, the key in the query, no header', async () => {
    const headers = { 'content-type': 'text/plain;charset=UTF-8', origin: 'https://shop.example' };
    const item = { type: 'track', anonymousId: 'beacon', event: 'Left' };
    const search = `?writeKey=${KEYS.write}`;
    const batch = JSON.stringify({ batch: [item] });
    await accepted(`/beacon/v1/batch${search}`, { headers, body: batch });
    await accepted(`/v1/b${search}`, { headers, body: batch });
    const { position } = await accepted(`/v1/t${search}`, { headers, body: JSON.stringify(item) });
    expect(await count(`event = 'Left'`, position)).toBe(3);
  });

  it('describes the long paths to developers, and only those', async () => {
    const { body } = await temas.get<{ paths: Record<string, { post?: { operationId: string } }> }>(
      '/openapi.json',
    );
    const ingest = Object.keys(body.paths).filter((path) => /^\/(v1\/[a-z]+$|api|beacon|e\/)/.test(path));
    expect(ingest).toEqual(
      expect.arrayContaining(['track', 'identify', 'page', 'batch', 'import'].map((name) => `/v1/${name}`)),
    );
    for (const path of ['/v1/t', '/v1/m', '/api/s/track', '/e/track', '/beacon/v1/batch', '/sourceConfig']) {
      expect(body.paths[path]).toBeUndefined();
    }
    const ids = ingest.map((path) => body.paths[path]?.post?.operationId).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('13: has a neutral path for all of it', async () => {
    const names = ['v1/track', 'v1/t', 't', 'track', 'api/s/track', 'api/s/s2s/track'];
    let position: string | undefined;
    for (const name of names) {
      const body = JSON.stringify({ ...one, event: 'Neutral', messageId: `neutral ${name}` });
      ({ position } = await accepted(`/e/${name}`, { body }));
    }
    const batches = ['v1/batch', 'batch', 'b', 'v1/b', 'beacon/v1/batch', 'batch/'];
    for (const name of batches) {
      const batch = [{ ...one, type: 'track', event: 'Neutral', messageId: `neutral ${name}` }];
      ({ position } = await accepted(`/e/${name}`, { body: JSON.stringify({ batch }) }));
    }
    expect(await count(`event = 'Neutral'`, position)).toBe(names.length + batches.length);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

describe('bad input', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function post(
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${temas.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}`, ...headers },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const nested = (depth: number): string =>
    `{"userId":"n","event":"E","properties":${'{"a":'.repeat(depth)}1${'}'.repeat(depth + 1)}`;
  const big = (bytes: number): string =>
    JSON.stringify({ userId: 'b', event: 'E', properties: { x: 'y'.repeat(bytes) } });
  const many = (items: number): string =>
    JSON.stringify({
      batch: Array.from({ length: items }, (_, i) => ({
        type: 'track',
        userId: 'm',
        event: 'E',
        messageId: `many-${i}`,
      })),
    });

  const WHOLE: readonly (readonly [string, string, string | Buffer, number, RegExp])[] = [
    ['no JSON', '/v1/track', 'userId=1', 400, /JSON/],
    ['an empty body', '/v1/track', '', 400, /empty/],
    ['a list', '/v1/track', '[]', 400, /object/],
    ['null', '/v1/track', 'null', 400, /object/],
    ['a batch that is no array', '/v1/batch', '{"batch":{}}', 400, /array/],
    ['2,501 items', '/v1/batch', many(2_501), 400, /2501.*2500/],
    ['2 MB', '/v1/batch', 'a'.repeat(2 * 1024 * 1024), 413, /1048576/],
    ['501 KB', '/v1/batch', many(1).replace('"E"', `"${'e'.repeat(501 * 1024)}"`), 413, /512000/],
    ['a zip bomb', '/v1/batch', gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)), 413, /512000/],
    ['broken gzip', '/v1/track', 'not gzip', 400, /gzip/],
    ['an unknown coding', '/v1/track', '{}', 415, /Content-Encoding/],
    ['invalid UTF-8', '/v1/track', Buffer.from('{"userId":"\xff"}', 'latin1'), 400, /UTF-8/],
    ['a context that is text', '/v1/batch', '{"batch":[],"context":"x"}', 400, /context/],
  ];

  const CODINGS: Readonly<Record<string, Record<string, string>>> = {
    'a zip bomb': { 'content-encoding': 'gzip' },
    'broken gzip': { 'content-encoding': 'gzip' },
    'an unknown coding': { 'content-encoding': 'br' },
  };

  it.each(WHOLE)('refuses %s as a whole and says why', async (name, path, body, status, message) => {
    const answer = await post(path, body, CODINGS[name]);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ success: false });
    expect(answer.body.message).toMatch(message);
  });

  const SINGLE: readonly (readonly [string, string, RegExp])[] = [
    ['no identifier', '{"event":"E"}', /no_identifier/],
    ['no event name', '{"userId":"1"}', /event/],
    ['an item of 33 KB', big(33 * 1024), /32768/],
    ['deep nesting', nested(5_000), /too_deep/],
    ['properties that are text', '{"userId":"1","event":"E","properties":"x"}', /properties/],
    ['a messageId of 101 characters', `{"userId":"1","event":"E","messageId":"${'m'.repeat(101)}"}`, /100/],
  ];

  it.each(SINGLE)('refuses %s, naming field, problem and limit', async (_name, body, expected) => {
    const answer = await post('/v1/track', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body.errors)).toMatch(expected);
  });

  it('takes the siblings of bad items, and keeps odd but harmless ones', async () => {
    const item = { type: 'track', event: 'Sibling' };
    const batch = [
      { ...item, userId: 's-1' },
      'text',
      null,
      7,
      { ...item },
      { ...item, userId: { nested: true } },
      { ...item, userId: '', anonymousId: 's-2' },
      { ...item, userId: 'x'.repeat(300), anonymousId: 's-3' },
      { ...item, userId: 's-4', timestamp: '9999-12-31T23:59:59Z' },
      { ...item, userId: 's-5', timestamp: 'yesterday' },
      {
        ...item,
        userId: 's-6',
        properties: JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as object,
      },
      { ...item, userId: 's-\ud800', anonymousId: 's-7' },
    ];
    const { status, body } = await temas.send('batch', { batch });
    expect(status).toBe(200);
    expect(body.errors?.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    const [row] = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE event = 'Sibling'`,
      body.position,
    );
    expect(row?.n).toBe('8');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const [far] = await temas.sql<{ late: string }>(
      `SELECT count() AS late FROM events WHERE occurred_at > recorded_at OR occurred_at > now() + 60`,
    );
    expect(far?.late).toBe('0');
  });

  it('refuses import rows whose time is bad instead of guessing', async () => {
    const { body } = await temas.send('import', {
      batch: [
        { type: 'track', userId: 'i', event: 'E', timestamp: 'nonsense' },
        { type: 'track', userId: 'i', event: 'E', timestamp: '2020-01-01' },
      ],
    });
    expect(body.errors?.map(({ index }) => index)).toEqual([0]);
  });

  it('refuses a bad write key', async () => {
    const answer = await post('/v1/track', '{"userId":"1","event":"E"}', { authorization: 'Basic d3Jvbmc6' });
    expect(answer.status).toBe(401);
  });

  it.each([
    ['an unknown path', 'GET', '/v1/nothing', 404],
    ['a method that a path does not take', 'DELETE', '/v1/profiles/lookup', 405],
    ['a GET on an ingest path', 'GET', '/v1/track', 405],
  ])('answers %s', async (_name, method, path, status) => {
    const response = await fetch(`${temas.url}${path}?value=secret@example.com`, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('secret');
    if (status === 405) expect(response.headers.get('allow')).toMatch(/POST/);
  });

  it.each([
    ['/v1/profiles/not-a-uuid', 400],
    ['/v1/profiles/%E0%A4%A', 400],
    ['/v1/profiles/00000000-0000-4000-8000-000000000000', 404],
    ['/v1/profiles/lookup?namespace=email', 400],
    ['/v1/profiles/lookup?namespace=email&value=x&after=-1', 400],
    ['/v1/profiles/lookup?namespace=email&value=x&after=1&wait=61', 400],
  ])('answers %s with problem details', async (path, status) => {
    const response = await fetch(`${temas.url}${path}`, {
      headers: { authorization: `Bearer ${KEYS.admin}` },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as { title: string; status: number; detail: string };
    expect(problem).toMatchObject({ status });
    expect(problem.detail.length).toBeGreaterThan(10);
  });

  it('names the field of a body that cannot be taken', async () => {
    const response = await fetch(`${temas.url}/v1/profiles/lookup`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.admin}` },
      body: JSON.stringify({ namespace: 'E-Mail', value: 7, extra: 1 }),
    });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['extra', 'namespace', 'value']);
  });

  it('is unharmed by all of it', async () => {
    const { status } = await temas.send('track', { userId: 'after-all', event: 'Fine' });
    expect(status).toBe(200);
    expect(temas.printed).not.toMatch(/a request failed/);
  });
});

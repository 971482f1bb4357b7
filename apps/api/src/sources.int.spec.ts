import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigDesk, ConfigFollower, isInForce, markOf } from '#config';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import type { SourceName, Workspace } from '#kernel';
import { AccessGuard, ApiKeys } from './access.ts';
import { EventSchemasController } from './event-schemas.controller.ts';
import { SourcesController } from './sources.controller.ts';

@Module({})
class ConfigModule {}

let root: string;
let log: EventLog;
let keys: KeyStore;
let follower: ConfigFollower;
let app: NestFastifyApplication;
let address: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'temas-sources-'));
  log = await openLmdbEventLog({ path: join(root, 'log') });
  keys = await openEmbeddedKeyStore({ path: join(root, 'keys'), masterKey: Buffer.alloc(32, 3) });
  follower = await ConfigFollower.open(log);
  const workspace = 'default' as Workspace;
  const source = 'default' as SourceName;
  follower.registerBootstrap({ workspace, source, trust: 'server', mark: markOf(keys, 'env-key') });
  const apiKeys = new ApiKeys(keys);
  apiKeys.register('admin', { role: 'admin', workspace });
  apiKeys.register('analyst', { role: 'analyst', workspace });
  const desk = new ConfigDesk({ log, keys, follower, now: () => Date.now() });
  const adapter = new FastifyAdapter();
  app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ConfigModule,
      controllers: [SourcesController, EventSchemasController],
      providers: [
        { provide: ConfigDesk, useValue: desk },
        { provide: ConfigFollower, useValue: follower },
        { provide: ApiKeys, useValue: apiKeys },
        AccessGuard,
      ],
    },
    adapter,
    { logger: false, bodyParser: false },
  );
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.listen(0, '127.0.0.1');
  address = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await follower.close();
  await keys.close();
  await log.close();
  rmSync(root, { recursive: true });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the answer holds is what is tested
type Json = any;

interface Answer {
  readonly status: number;
  readonly body: Json;
}

async function call(method: string, path: string, body?: unknown, key = 'admin'): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

const fieldsOf = ({ body }: Answer): string[] => body.errors.map(({ field }: Json) => field);

describe('POST /v1/sources', () => {
  it('shows the key once, says where webhooks go, and lists the source without either', async () => {
    const made = await call('POST', '/v1/sources', {
      source: 'shop',
      trust: 'server',
      rateLimit: 100,
      mapping: { vendor: 'shopify' },
      signature: { scheme: { name: 'shopify' }, secret: 'very-secret' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      workspace: 'default',
      source: 'shop',
      rateLimit: 100,
      onViolation: 'keep',
      position: expect.stringMatching(/^\d+$/),
      webhookPath: `/v1/sources/${made.body.writeKey}/webhook`,
    });
    expect(follower.findKey(markOf(keys, made.body.writeKey))?.source.source).toBe('shop');
    const listed = await call('GET', `/v1/sources?after=${made.body.position}`);
    expect(listed.body.sources.map(({ source }: Json) => source)).toEqual(['default', 'shop']);
    const text = JSON.stringify([listed.body, (await call('GET', '/v1/sources/shop')).body]);
    for (const hidden of [made.body.writeKey, 'very-secret', 'mark', 'sealedSecret'])
      expect(text).not.toContain(hidden);
    expect(listed.body.sources[1].writeKeys).toEqual([
      {
        keyId: made.body.keyId,
        hint: made.body.writeKey.slice(-4),
        issuedAt: expect.stringMatching(/Z$/),
        endsAt: null,
      },
    ]);
  });

  it('refuses what it cannot take, naming fields', async () => {
    const named = async (body: object): Promise<string[]> => {
      const answer = await call('POST', '/v1/sources', body);
      expect(answer.status).toBe(400);
      return fieldsOf(answer);
    };
    expect(await named({ source: 'No!', trust: 'both' })).toEqual(['source', 'trust']);
    expect(await named({ source: 'x', trust: 'client', ratelimit: 5 })).toEqual(['ratelimit']);
    expect(await named({ source: 'x', trust: 'client', rateLimit: -5 })).toEqual(['rateLimit']);
    expect(await named({ source: 'x', trust: 'client', mapping: { vendor: 'nobody' } })).toEqual([
      'mapping.vendor',
    ]);
    expect((await call('POST', '/v1/sources', { source: 'default', trust: 'client' })).status).toBe(409);
    const elsewhere = { source: 'x', trust: 'client', workspace: 'other' };
    expect((await call('POST', '/v1/sources', elsewhere)).status).toBe(403);
    expect((await call('POST', '/v1/sources', {}, 'analyst')).status).toBe(403);
    expect((await call('POST', '/v1/sources', {}, 'nobody')).status).toBe(401);
    expect((await call('GET', '/v1/sources?after=99999999999999999&wait=0')).status).toBe(504);
  });
});

describe('keys and settings', () => {
  it('rotates with an overlap, also without a body, and ends at once', async () => {
    const made = await call('POST', '/v1/sources', { source: 'app', trust: 'client' });
    expect(made.body.webhookPath).toBe(`/v1/sources/${made.body.writeKey}/webhook`);
    const rotated = await call('POST', '/v1/sources/app/keys');
    expect(rotated.status).toBe(201);
    const endsAt = Date.parse(rotated.body.writeKeys[0].endsAt);
    expect(endsAt - Date.parse(rotated.body.writeKeys[1].issuedAt)).toBe(86_400_000);
    const ended = await call('DELETE', `/v1/sources/app/keys/${made.body.keyId}`);
    expect(ended.status).toBe(200);
    expect(isInForce(follower.findKey(markOf(keys, made.body.writeKey))!, Date.now())).toBe(false);
    expect((await call('DELETE', '/v1/sources/app/keys/none')).status).toBe(404);
    expect((await call('POST', '/v1/sources/nobody/keys', {})).status).toBe(404);
    expect(fieldsOf(await call('POST', '/v1/sources/app/keys', { overlapSeconds: 2_592_001 }))).toEqual([
      'overlapSeconds',
    ]);
  });

  it('changes settings, those of the environment too, and never the trust', async () => {
    const changed = await call('PATCH', '/v1/sources/default', { rateLimit: 9, onViolation: 'refuse' });
    expect(changed.body).toMatchObject({ rateLimit: 9, onViolation: 'refuse', trust: 'server' });
    expect((await call('PATCH', '/v1/sources/default', { rateLimit: null })).body).toMatchObject({
      rateLimit: null,
      onViolation: 'refuse',
    });
    expect(fieldsOf(await call('PATCH', '/v1/sources/default', { trust: 'client' }))).toEqual(['trust']);
    expect((await call('PATCH', '/v1/sources/default', {})).status).toBe(400);
    expect((await call('PATCH', '/v1/sources/nobody', { rateLimit: 1 })).status).toBe(404);
    expect((await call('GET', '/v1/sources/nobody')).status).toBe(404);
  });
});

describe('/v1/schemas', () => {
  const schema = { type: 'object', required: ['order_id'], properties: { order_id: { type: 'string' } } };

  it('sets, lists and removes schemas', async () => {
    const set = await call('PUT', '/v1/schemas', { event: 'Order Completed', schema });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ kind: 'track', event: 'Order Completed', source: null, schema });
    await call('PUT', '/v1/schemas', { kind: 'identify', source: 'default', schema });
    const { body } = await call('GET', `/v1/schemas?after=${set.body.position}`);
    expect(body.schemas.map(({ kind, source }: Json) => [kind, source])).toEqual([
      ['identify', 'default'],
      ['track', null],
    ]);
    expect((await call('DELETE', '/v1/schemas?event=Order%20Completed')).status).toBe(200);
    expect((await call('DELETE', '/v1/schemas', { kind: 'identify', source: 'default' })).status).toBe(200);
    expect((await call('DELETE', '/v1/schemas', { event: 'Order Completed' })).status).toBe(404);
    expect((await call('GET', '/v1/schemas')).body.schemas).toEqual([]);
  });

  it('refuses schemas that are none or dangerous, naming the place', async () => {
    const put = (body: object): ReturnType<typeof call> =>
      call('PUT', '/v1/schemas', { event: 'E', ...body });
    expect(fieldsOf(await put({ schema: 'text' }))).toEqual(['schema']);
    expect(fieldsOf(await put({ schema: { properties: { a: { pattern: '(?=x)' } } } }))).toEqual([
      'schema.properties.a.pattern',
    ]);
    expect(fieldsOf(await put({ schema: { type: 'text' } }))).toEqual(['schema']);
    expect(fieldsOf(await put({ schema, kind: 'page' }))).toEqual(['event']);
    expect(fieldsOf(await call('PUT', '/v1/schemas', { schema }))).toEqual(['event']);
    expect((await put({ schema, source: 'nobody' })).status).toBe(404);
    expect((await put({ schema, workspace: 'other' })).status).toBe(403);
    const large = await put({ schema: { description: 'x'.repeat(70_000) } });
    expect(large.body.errors).toEqual([expect.objectContaining({ field: 'schema', limit: 65_536 })]);
    let deep = '{}';
    for (let i = 0; i < 200; i++) deep = `{"not":${deep}}`;
    expect((await call('PUT', '/v1/schemas', `{"event":"E","schema":${deep}}`)).status).toBe(400);
  });
});

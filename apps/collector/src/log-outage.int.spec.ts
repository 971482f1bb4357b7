import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigFollower } from '#config';
import { openLmdbEventLog } from '#event-log';
import type { SourceName, Workspace } from '#kernel';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import { ArrivalTally } from '#quality';
import { CollectorModule } from './collector.module.ts';
import { WriteKeys } from './write-keys.ts';

describe('a collector whose event log is out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temas-outage-'));
  let keys: KeyStore;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const log = await openLmdbEventLog({ path: join(folder, 'log') });
    const config = await ConfigFollower.open(log);
    await config.close();
    await log.close();
    keys = await openEmbeddedKeyStore({ path: join(folder, 'keys'), masterKey: Buffer.alloc(32, 7) });
    const source = { workspace: 'default' as Workspace, source: 'default' as SourceName };
    // A clock that leaps lets the committer give up at once instead of after its patience.
    let now = Date.now();
    const leaping = (): number => (now += 60 * 60_000);
    const writeKeys = new WriteKeys(keys, config, leaping);
    writeKeys.register('outage-write-key', { ...source, trust: 'server' });
    const ignore = (): void => undefined;
    const monitor = {
      ingested: ignore,
      limited: ignore,
      turnedAway: ignore,
      linkLost: ignore,
      violated: ignore,
    };
    const parts = { log, keys, config, tally: new ArrivalTally(), writeKeys, now: leaping, monitor };
    const adapter = new FastifyAdapter();
    app = await NestFactory.create<NestFastifyApplication>(CollectorModule.over(parts), adapter, {
      logger: false,
      bodyParser: false,
    });
    const fastify = adapter.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    await app.close();
    await keys.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers 503 with a Retry-After that browsers may read', async () => {
    const response = await fetch(`${await app.getUrl()}/v1/t?writeKey=outage-write-key`, {
      method: 'POST',
      headers: { origin: 'https://shop.example' },
      body: JSON.stringify({ anonymousId: 'a', event: 'Left' }),
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(response.headers.get('access-control-expose-headers')).toMatch(/Retry-After/);
    expect(await response.json()).toMatchObject({ success: false });
  });
});

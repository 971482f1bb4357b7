/**
 * The collector as it runs in production, with the projector paused: what durable ingest costs by itself. Started
 * as a child; prints its address.
 */
import { join } from 'node:path';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { CollectorModule, WriteKeys } from '#apps/collector';
import { ConfigFollower } from '#config';
import { openLmdbEventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { SourceName, Workspace } from '#kernel';
import { ArrivalTally } from '#quality';

const folder = process.argv[2] as string;
const log = await openLmdbEventLog({ path: join(folder, 'log') });
const keys = await openEmbeddedKeyStore({ path: join(folder, 'keys'), masterKey: Buffer.alloc(32, 7) });
const config = await ConfigFollower.open(log);
const now = (): number => Date.now();
const writeKeys = new WriteKeys(keys, config, now);
const source = {
  workspace: 'default' as Workspace,
  source: 'default' as SourceName,
  trust: 'server' as const,
};
writeKeys.register('bench-write-key', source);
const ignore = (): void => undefined;
const monitor = {
  ingested: ignore,
  limited: ignore,
  turnedAway: ignore,
  linkLost: ignore,
  violated: ignore,
};
const adapter = new FastifyAdapter({ bodyLimit: 1024 * 1024 });
const app = await NestFactory.create<NestFastifyApplication>(
  CollectorModule.over({ log, keys, config, tally: new ArrivalTally(), writeKeys, now, monitor }),
  adapter,
  { logger: false, bodyParser: false },
);
const fastify = adapter.getInstance();
fastify.removeAllContentTypeParsers();
fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

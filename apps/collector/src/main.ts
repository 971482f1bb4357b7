import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import {
  answers,
  givenKeys,
  HOME,
  HealthModule,
  logLines,
  Metrics,
  noticeEmbeddedLog,
  openCore,
  readEnvironment,
  requireServers,
  runMain,
  serve,
} from '#apps/process';
import type { CoreEngines, Readiness } from '#apps/process';
import { CollectorModule } from './collector.module.ts';
import { INGEST_PATHS } from './ingest-paths.ts';
import { wireCollector } from './wiring.ts';

/** An identifier that nobody has: looking it up asks the key store and mints nothing. */
const NOBODY = { namespace: 'readiness', value: '-' };

@Module({})
class CollectorProcess {}

/** A collector of its own: touchpoints in, the log out. Any number of them run beside each other. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  requireServers(environment, ['POSTGRES_URL']);
  const { masterKey, writeKey } = givenKeys(environment, ['masterKey', 'writeKey']);
  const lines = logLines('temas-collector');
  noticeEmbeddedLog(environment, lines);
  const core = await openCore(environment, masterKey);
  const metrics = new Metrics(lines, async () => []);
  const now = (): number => Date.now();
  const collector = wireCollector({ ...core, metrics, now, writeKey });
  const module: DynamicModule = {
    module: CollectorProcess,
    imports: [CollectorModule.over(collector.parts), HealthModule.over(metrics, () => readinessOf(core))],
  };
  const close = async (): Promise<void> => {
    await collector.close();
    await core.close();
  };
  const url = await serve({ module, ingestPaths: INGEST_PATHS, close }, environment, lines);
  process.stdout.write(`Temas collects at ${url}\n`);
}

/** A collector promises nothing without its log and its keys. */
async function readinessOf({ log, keys }: CoreEngines): Promise<Readiness> {
  const hasLog = await answers(() => log.head());
  const hasKeys = await answers(() => keys.find(HOME, NOBODY));
  return {
    missing: [
      ...(hasLog ? [] : ['the event log does not answer']),
      ...(hasKeys ? [] : ['the key store does not answer']),
    ],
    parts: { log: answering(hasLog), keys: answering(hasKeys) },
  };
}

function answering(does: boolean): string {
  return does ? 'answers' : 'does not answer';
}

runMain('collector', main);

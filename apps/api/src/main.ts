import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import {
  answers,
  givenKeys,
  HOME,
  HOME_SOURCE,
  HealthModule,
  logLines,
  measureLag,
  Metrics,
  noticeEmbeddedLog,
  openCore,
  openWarehouse,
  readEnvironment,
  requireServers,
  runMain,
  serve,
} from '#apps/process';
import type { Lag, Readiness } from '#apps/process';
import { followProjections, RemoteOperations, RemoteRulePlans } from '#apps/projector';
import type { FollowedProjections } from '#apps/projector';
import { markOf } from '#config';
import { ErasureRegister } from '#erasure';
import type { EventLog } from '#event-log';
import { SqlDoor } from '#warehouse';
import type { Warehouse } from '#warehouse';
import { ApiModule } from './api.module.ts';
import { Reading } from './reading.ts';
import { wireApi } from './wiring.ts';

@Module({})
class ApiProcess {}

/** An API of its own: profiles, SQL, operation. It runs no projections; any number of them run beside each other. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  requireServers(environment, ['POSTGRES_URL', 'CLICKHOUSE_URL']);
  const given = givenKeys(environment, ['masterKey', 'writeKey', 'adminKey', 'analystKey']);
  const { masterKey, writeKey, adminKey, analystKey } = given;
  const lines = logLines('temas-api');
  noticeEmbeddedLog(environment, lines);
  const core = await openCore(environment, masterKey);
  const { log, keys, config } = core;
  // The same sources as the collectors have: what is decided here about them is decided on what they do.
  const mark = markOf(keys, writeKey);
  config.registerBootstrap({ workspace: HOME, source: HOME_SOURCE, trust: 'server', mark });
  const erasures = await ErasureRegister.open(log);
  const now = (): number => Date.now();
  const lags = (): Promise<readonly Lag[]> => lagsOf(log, followed.projections, now());
  const metrics = new Metrics(lines, lags);
  const onTrouble = (step: string, error: unknown): void => metrics.retrying(step, error);
  const followed = await followProjections(environment.POSTGRES_URL, log, onTrouble);
  const warehouse = await openWarehouse(environment);
  const door = new SqlDoor(warehouse);
  const { board, projections } = followed;
  const reading = new Reading(() => {
    const { current } = projections;
    return (
      current && { generation: () => projections.current ?? current, warehouse, door, head: () => log.head() }
    );
  }, projections.opened());
  const api = wireApi({
    ...{ log, keys, config, erasures, reading, metrics, now, adminKey, analystKey },
    operations: new RemoteOperations(board, lags),
    plans: new RemoteRulePlans(board),
    runningFits: {
      progressOf: (runId) => {
        const fit = projections.alive?.fit;
        return fit?.runId === runId ? fit.progress : undefined;
      },
    },
  });
  const readiness = (): Promise<Readiness> => readinessOf(log, projections, warehouse);
  const module: DynamicModule = {
    module: ApiProcess,
    imports: [ApiModule.over(api), HealthModule.over(metrics, readiness)],
  };
  const close = async (): Promise<void> => {
    await followed.close();
    await warehouse.close();
    await core.close();
  };
  const url = await serve({ module, ingestPaths: new Set(), close }, environment, lines);
  process.stdout.write(`Temas answers at ${url}\n`);
}

async function lagsOf(log: EventLog, { current }: FollowedProjections, nowMs: number): Promise<Lag[]> {
  if (current === undefined) return [];
  return Promise.all([
    measureLag(log, 'profiles', current.profiles.position, nowMs),
    measureLag(log, 'warehouse', current.warehouse.position, nowMs),
  ]);
}

async function readinessOf(
  log: EventLog,
  { current, alive }: FollowedProjections,
  warehouse: Warehouse,
): Promise<Readiness> {
  const hasLog = await answers(() => log.head());
  const hasTables = await answers(() => warehouse.ping());
  const caughtUp = alive?.caughtUp === true;
  return {
    missing: [
      ...(hasLog ? [] : ['the event log does not answer']),
      ...(alive === undefined ? ['no projector is active'] : []),
      ...(current === undefined ? ['there are no projections to read yet'] : []),
      ...(caughtUp ? [] : ['the projections are catching up with the log']),
      ...(hasTables ? [] : ['the warehouse does not answer']),
    ],
    parts: {
      log: hasLog ? 'answers' : 'does not answer',
      projector: alive === undefined ? 'none is active' : 'active',
      projections: caughtUp ? 'caught up' : 'catching up with the log',
      warehouse: hasTables ? 'answers' : 'does not answer',
    },
  };
}

runMain('api', main);

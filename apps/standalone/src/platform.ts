import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#kernel';
import type { SourceName, Workspace } from '#kernel';
import { ApiKeys, measureLag, Metrics, Operations, Reading, RulePlans } from '#apps/api';
import type { ApiParts, Lag, LogLines, OpenReads } from '#apps/api';
import { WriteKeys } from '#apps/collector';
import type { CollectorParts } from '#apps/collector';
import { ProjectionRuntime } from '#apps/projector';
import { ConfigDesk, ConfigFollower, FitDesk, QualityDesk } from '#config';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import type { Monitor } from '#projection';
import { FitRunner } from '#scoring';
import type { FitTables } from '#scoring';
import { ArrivalTally, TallyWriter } from '#quality';
import { openRocksStateStores } from '#state-store';
import { SqlDoor, startEmbeddedWarehouse } from '#warehouse';
import type { BootstrapKeys } from './bootstrap-keys.ts';
import { rebuildForRules } from './rebuild-for-rules.ts';

const WORKSPACE = 'default' as Workspace;
const SOURCE = 'default' as SourceName;

/** Everything that runs behind the port: the embedded engines and the projections over them. */
export interface Platform {
  readonly collector: CollectorParts;
  readonly api: ApiParts;
  /** Settles when projections and warehouse are open and following the log, or the platform was closed. */
  readonly following: Promise<void>;
  /** Lets work under way end and closes every engine. */
  close(): Promise<void>;
}

/** How long to wait before projections that did not open are tried again. */
const REOPEN_MS = 5_000;

interface Projections extends OpenReads {
  readonly runtime: ProjectionRuntime;
  close(): Promise<void>;
}

/**
 * Opens the embedded engines under one data directory and wires them (design §3, §9). Answers as soon as touchpoints
 * can be taken; projections and warehouse open meanwhile, and are tried again where they fail: a damaged warehouse
 * keeps nobody from being heard.
 */
export async function openPlatform(dataDir: string, keys: BootstrapKeys, lines: LogLines): Promise<Platform> {
  const root = resolve(dataDir);
  const now = (): number => Date.now();
  const log = await openLmdbEventLog({ path: join(root, 'log') });
  const keyStore = await openEmbeddedKeyStore({
    path: join(root, 'keys'),
    masterKey: Buffer.from(keys.masterKey, 'hex'),
  });
  let opened: Projections | undefined;
  const lags = async (): Promise<readonly Lag[]> => {
    if (opened === undefined) return [];
    const { profiles, warehouse } = opened.pipeline();
    return Promise.all([
      measureLag(log, 'profiles', profiles.position, now()),
      measureLag(log, 'warehouse', warehouse.position, now()),
    ]);
  };
  const metrics = new Metrics(lines, lags);
  const closing = new AbortController();
  const following = (async () => {
    while (!closing.signal.aborted && opened === undefined) {
      try {
        opened = await openProjections(root, log, keyStore, metrics);
        opened.runtime.start();
      } catch (error) {
        lines.error(
          { error: messageOf(error) },
          'projections do not open; touchpoints are taken, reads must wait',
        );
        await pause(REOPEN_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  })();

  const config = await ConfigFollower.open(log);
  const desk = new ConfigDesk({ log, keys: keyStore, follower: config, now });
  const writeKeys = new WriteKeys(keyStore, config, now);
  writeKeys.register(keys.writeKey, { workspace: WORKSPACE, source: SOURCE, trust: 'server' });
  const apiKeys = new ApiKeys(keyStore);
  apiKeys.register(keys.adminKey, { role: 'admin', workspace: WORKSPACE });
  apiKeys.register(keys.analystKey, { role: 'analyst', workspace: WORKSPACE });

  const fits = new FitDesk({ log, follower: config, now });
  const fitRunner = new FitRunner({
    follower: config,
    desk: fits,
    workspaces: [WORKSPACE],
    tables: () => opened && fitTablesOf(opened),
    onTrouble: (step, error) => metrics.retrying(step, error),
    now,
  });
  fitRunner.start();
  const tally = new ArrivalTally();
  const tallyWriter = new TallyWriter(log, tally);
  tallyWriter.start();

  const reading = new Reading(() => opened, following);
  const runtime = (): ProjectionRuntime => {
    reading.pipeline();
    return (opened as Projections).runtime;
  };
  const operations = new Operations({
    lags,
    digests: (workspace) => runtime().digests(workspace),
    rebuild: (progress) => runtime().rebuild(progress),
  });
  const plans = new RulePlans((trial) => runtime().planRules(trial));
  const outdated = (): boolean => opened?.runtime.current.rules.outdated === true;
  const rebuilding = rebuildForRules(outdated, operations, closing.signal);
  return {
    collector: { log, keys: keyStore, config, tally, writeKeys, now, monitor: metrics },
    api: {
      keys: keyStore,
      apiKeys,
      config,
      desk,
      qualityDesk: new QualityDesk({ log, follower: config, now }),
      fits,
      fitRunner,
      reading,
      metrics,
      operations,
      plans,
      workspaces: [WORKSPACE],
      now,
    },
    following,
    async close() {
      closing.abort();
      await Promise.all([following, rebuilding, plans.close()]);
      await fitRunner.close();
      await tallyWriter.close();
      await opened?.close();
      await config.close();
      await keyStore.close();
      await log.close();
    },
  };
}

/** What fits read: the tables of the generation that readers see. */
function fitTablesOf({ warehouse, pipeline }: OpenReads): FitTables {
  return {
    warehouse,
    position: () => pipeline().warehouse.position,
    reached: (position, timeoutMs) => pipeline().warehouse.reached(position, timeoutMs),
  };
}

async function openProjections(
  root: string,
  log: EventLog,
  keys: KeyStore,
  monitor: Monitor,
): Promise<Projections> {
  const warehouse = await startEmbeddedWarehouse({ path: join(root, 'clickhouse') });
  try {
    const states = openRocksStateStores({ path: join(root, 'state') });
    const workspaces = [WORKSPACE];
    const parts = { states, log, keys, warehouse, workspaces, monitor, now: () => Date.now() };
    const runtime = await ProjectionRuntime.open(parts);
    return {
      runtime,
      warehouse,
      door: new SqlDoor(warehouse),
      pipeline: () => runtime.current,
      head: () => log.head(),
      async close() {
        await runtime.stop();
        await states.close();
        await warehouse.close();
      },
    };
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

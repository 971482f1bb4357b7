import { join, resolve } from 'node:path';
import type { SourceName, Workspace } from '#kernel';
import { ApiKeys, measureLag, Metrics, Operations, Reading } from '#apps/api';
import type { ApiParts, Lag, LogLines } from '#apps/api';
import { WriteKeys } from '#apps/collector';
import type { CollectorParts } from '#apps/collector';
import { ProjectionRuntime } from '#apps/projector';
import { openLmdbEventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import { startEmbeddedWarehouse } from '#warehouse';
import type { BootstrapKeys } from './bootstrap-keys.ts';

const WORKSPACE = 'default' as Workspace;
const SOURCE = 'default' as SourceName;

/** Everything that runs behind the port: the embedded engines and the projections over them. */
export interface Platform {
  readonly collector: CollectorParts;
  readonly api: ApiParts;
  readonly projections: ProjectionRuntime;
  /** Lets work under way end and closes every engine. */
  close(): Promise<void>;
}

/** Opens the embedded engines under one data directory and wires them (design §3, §9). Starts no projection. */
export async function openPlatform(dataDir: string, keys: BootstrapKeys, lines: LogLines): Promise<Platform> {
  const root = resolve(dataDir);
  const now = (): number => Date.now();
  const log = await openLmdbEventLog({ path: join(root, 'log') });
  const keyStore = await openEmbeddedKeyStore({
    path: join(root, 'keys'),
    masterKey: Buffer.from(keys.masterKey, 'hex'),
  });
  const warehouse = await startEmbeddedWarehouse({ path: join(root, 'clickhouse') });
  const lags = async (): Promise<readonly Lag[]> => {
    const { profiles, warehouse: tables } = projections.current;
    const measured = [
      measureLag(log, 'profiles', profiles.position, now()),
      measureLag(log, 'warehouse', tables.position, now()),
    ];
    return Promise.all(measured);
  };
  const metrics = new Metrics(lines, lags);
  const projections = await ProjectionRuntime.open({
    stateDir: join(root, 'state'),
    log,
    keys: keyStore,
    warehouse,
    workspaces: [WORKSPACE],
    monitor: metrics,
  });

  const writeKeys = new WriteKeys(keyStore);
  writeKeys.register(keys.writeKey, { workspace: WORKSPACE, source: SOURCE, trust: 'server' });
  const apiKeys = new ApiKeys(keyStore);
  apiKeys.register(keys.adminKey, { role: 'admin', workspace: WORKSPACE });
  apiKeys.register(keys.analystKey, { role: 'analyst', workspace: WORKSPACE });

  const operations = new Operations({
    lags,
    digests: (workspace) => projections.digests(workspace),
    rebuild: (progress) => projections.rebuild(progress),
  });
  return {
    collector: { log, keys: keyStore, writeKeys, now, observe: (result) => metrics.ingested(result) },
    api: {
      keys: keyStore,
      apiKeys,
      reading: new Reading(log, warehouse, () => projections.current),
      metrics,
      operations,
    },
    projections,
    async close() {
      await projections.stop();
      await warehouse.close();
      await keyStore.close();
      await log.close();
    },
  };
}

import { join, resolve } from 'node:path';
import { ConfigFollower } from '#config';
import { openEventStoreLog, openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openEmbeddedKeyStore, openPostgresKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import { openClickHouse, startEmbeddedWarehouse } from '#warehouse';
import type { Warehouse } from '#warehouse';
import type { Environment } from './environment.ts';

/** The engines that every process has open. */
export interface CoreEngines {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly config: ConfigFollower;
  /** Closes all three. */
  close(): Promise<void>;
}

/** Folder of an embedded engine. */
export function folderOf(
  { TEMAS_DATA_DIR }: Environment,
  engine: 'log' | 'keys' | 'state' | 'clickhouse',
): string {
  return join(resolve(TEMAS_DATA_DIR), engine);
}

/** The event log: that of `EVENTSTORE_URL`, else the embedded one. Throws `LogUnavailable`. */
export function openLog(environment: Environment): Promise<EventLog> {
  const { EVENTSTORE_URL: url } = environment;
  return url === undefined
    ? openLmdbEventLog({ path: folderOf(environment, 'log') })
    : openEventStoreLog({ url });
}

/** The key store: that of `POSTGRES_URL`, else the embedded one. Throws what it throws. */
export function openKeys(environment: Environment, masterKey: string): Promise<KeyStore> {
  const { POSTGRES_URL: url } = environment;
  const secret = Buffer.from(masterKey, 'hex');
  return url === undefined
    ? openEmbeddedKeyStore({ path: folderOf(environment, 'keys'), masterKey: secret })
    : openPostgresKeyStore({ url, masterKey: secret });
}

/** The tables: those of `CLICKHOUSE_URL`, else of an engine that is started. Throws `WarehouseUnavailable`. */
export async function openWarehouse(environment: Environment): Promise<Warehouse> {
  const { CLICKHOUSE_URL: url, TEMAS_CLICKHOUSE_CLUSTER: cluster } = environment;
  if (url === undefined) return startEmbeddedWarehouse({ path: folderOf(environment, 'clickhouse') });
  return openClickHouse({ url, ...(cluster === undefined ? {} : { cluster }) });
}

/** Opens log, keys and configuration. Throws what an engine throws; those that were open are closed again. */
export async function openCore(environment: Environment, masterKey: string): Promise<CoreEngines> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const engine of opened.splice(0).reverse()) await engine.close();
  };
  try {
    const log = await openLog(environment);
    opened.push(log);
    const keys = await openKeys(environment, masterKey);
    opened.push(keys);
    const config = await ConfigFollower.open(log);
    opened.push(config);
    return { log, keys, config, close };
  } catch (error) {
    await close();
    throw error;
  }
}

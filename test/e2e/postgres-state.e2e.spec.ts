import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProjectionRuntime } from '#apps/projector';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import type { Workspace } from '#kernel';
import type { Monitor } from '#projection';
import { openPostgresLeases, openPostgresStateStores, openRocksStateStores } from '#state-store';
import type { Leases, StateStores } from '#state-store';
import { postgresStartable, PostgresServer, saySkipped } from '#test/postgres-server';
import { makeDataDir, TemasProcess } from '#test/temas-process';
import { SQUASH_AFTER, startEmbeddedWarehouse } from '#warehouse';
import type { Warehouse, WarehouseDigest } from '#warehouse';

const MASTER_KEY = Buffer.alloc(32, 3);
const WORKSPACE = 'default' as Workspace;
const PEOPLE = 400;
const WAIT_MS = 120_000;

const QUIET: Monitor = {
  folded: () => undefined,
  differingDuplicates: () => undefined,
  broken: () => undefined,
  inserted: () => undefined,
  published: () => undefined,
  squashing: () => undefined,
  squashed: () => undefined,
  retrying: () => undefined,
};

if (!postgresStartable()) saySkipped('projections over PostgreSQL');

(postgresStartable() ? describe : describe.skip)('projections over PostgreSQL', () => {
  const data = makeDataDir();
  let server: PostgresServer;
  let log: EventLog;
  let keys: KeyStore;
  let embedded: WarehouseDigest;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const temas = await TemasProcess.start(data.path, {
      env: { TEMAS_MASTER_KEY: MASTER_KEY.toString('hex') },
      eager: true,
    });
    for (let round = 0; round < 3; round++) {
      const batch = Array.from({ length: PEOPLE }, (_, i) => touchpoint(round, i));
      expect((await temas.send('batch', { batch })).status).toBe(200);
    }
    await temas.stop();
    log = await openLmdbEventLog({ path: join(data.path, 'log') });
    keys = await openEmbeddedKeyStore({ path: join(data.path, 'keys'), masterKey: MASTER_KEY });
    embedded = await folded(
      openRocksStateStores({ path: join(data.path, 'rocks') }),
      'rocks-clickhouse',
      (runtime) => runtime.digests(WORKSPACE),
    );
  }, 240_000);

  afterAll(async () => {
    await keys.close();
    await log.close();
    await server.stop();
    data.remove();
  }, 60_000);

  async function folded<T>(
    states: StateStores,
    folder: string,
    use: (runtime: ProjectionRuntime) => Promise<T>,
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<T> {
    const warehouse: Warehouse = await startEmbeddedWarehouse({ path: join(data.path, folder) });
    const parts = {
      states,
      log,
      keys,
      warehouse,
      workspaces: [WORKSPACE],
      monitor: QUIET,
      squashAfter: SQUASH_AFTER,
      now: Date.now,
    };
    const runtime = await ProjectionRuntime.open(parts);
    try {
      runtime.start();
      await meanwhile();
      expect(await runtime.current.warehouse.reached(await log.head(), WAIT_MS)).toBe(true);
      return await use(runtime);
    } finally {
      await runtime.stop();
      await states.close();
      await warehouse.close();
    }
  }

  async function underLease(use: (states: StateStores) => Promise<void>): Promise<void> {
    const leases: Leases = await openPostgresLeases({ url: server.url });
    const lease = await leases.acquire('projector', new AbortController().signal);
    if (lease === undefined) throw new Error('nobody else holds it');
    await use(await openPostgresStateStores({ url: server.url, lease }));
    await leases.close();
  }

  it('come to the same tables as over RocksDB, though the server is killed while they fold', async () => {
    await underLease(async (states) => {
      const digests = await folded(
        states,
        'postgres-clickhouse',
        (runtime) => runtime.digests(WORKSPACE),
        async () => {
          for (let kill = 0; kill < 2; kill++) {
            await pause(100);
            await server.kill();
            await server.restart();
          }
        },
      );
      expect(digests).toEqual(embedded);
    });
  }, 240_000);

  it('go on where they stood, rebuild beside themselves to equal tables, and drop the old generation', async () => {
    await underLease(async (states) => {
      await folded(states, 'postgres-clickhouse', async (runtime) => {
        expect(await states.list()).toEqual([1]);
        const report = await runtime.rebuild(() => undefined);
        expect(report).toMatchObject({ from: 1, to: 2, equal: true });
        expect(await states.readCurrent()).toBe(2);
        expect(await states.list()).toEqual([2]);
        expect(await runtime.digests(WORKSPACE)).toEqual(embedded);
      });
    });
  }, 240_000);
});

/** A visit of a device, which a later round names; some share an e-mail address. */
function touchpoint(round: number, i: number): Record<string, unknown> {
  const common = {
    messageId: `${round}-${i}`,
    anonymousId: `device-${i}`,
    timestamp: new Date(Date.UTC(2026, 0, 1 + round, 0, 0, i)).toISOString(),
  };
  if (round === 0) return { ...common, type: 'page', name: 'home' };
  if (round === 1) return { ...common, type: 'identify', traits: { email: `p${i % 300}@example.com` } };
  return {
    ...common,
    type: 'track',
    userId: `user-${i % 350}`,
    event: 'Order Completed',
    properties: { order_id: `o-${i}`, total: i, currency: 'TRY' },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  freshSchema,
  onPostgres,
  postgresReachable,
  postgresStartable,
  PostgresServer,
  reachPostgres,
  saySkipped,
} from '#test/postgres-server';
import type { ReachedPostgres } from '#test/postgres-server';
import { ALI, MASTER_KEY, people, refs, SHOP, touch, touchAll, VELI } from '../../contract-fixtures.ts';
import { keyStoreContract } from '../../key-store.contract.ts';
import { openPostgresKeyStore, type PostgresKeyStoreOptions } from './open-postgres-key-store.ts';
import type { PostgresKeyStore } from './postgres-key-store.ts';

let postgres: ReachedPostgres;

if (postgresReachable()) {
  beforeAll(async () => {
    postgres = await reachPostgres();
  }, 120_000);
  afterAll(() => postgres.stop(), 60_000);

  // The tiny cache makes the tables answer; the usual one answers from memory.
  for (const cacheSize of [1, 1_000]) {
    keyStoreContract(`the PostgreSQL store with ${cacheSize} cached`, async (masterKey) => {
      const options = { url: postgres.url, schema: freshSchema(), masterKey, cacheSize };
      let store = await openPostgresKeyStore(options);
      return {
        store,
        reopen: async () => {
          await store.close();
          store = await openPostgresKeyStore(options);
          return store;
        },
        destroy: async () => {
          await store.close();
          await onPostgres(postgres.url, `DROP SCHEMA ${options.schema} CASCADE`);
        },
      };
    });
  }
} else {
  saySkipped('the key store in PostgreSQL');
  it.skip('needs PostgreSQL', () => undefined);
}

(postgresReachable() ? describe : describe.skip)('a key store that several processes share', () => {
  let schema: string;
  let opened: PostgresKeyStore[];

  beforeEach(() => {
    schema = freshSchema();
    opened = [];
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    await onPostgres(postgres.url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });

  async function open(more: Partial<PostgresKeyStoreOptions> = {}): Promise<PostgresKeyStore> {
    const store = await openPostgresKeyStore({ url: postgres.url, schema, masterKey: MASTER_KEY, ...more });
    opened.push(store);
    return store;
  }

  it('is founded once by many at once, and refused under another master key', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
    const keys = await Promise.all(stores.map((store) => touch(store, ALI)));
    for (const key of keys) expect(key).toEqual(keys[0]);
    await expect(open({ masterKey: Buffer.alloc(32, 7) })).rejects.toMatchObject({
      code: 'KEY_STORE.WRONG_MASTER_KEY',
    });
    await expect(open({ masterKey: Buffer.alloc(3) })).rejects.toMatchObject({
      code: 'KEY_STORE.INVALID_MASTER_KEY',
    });
    await expect(open({ url: 'postgres://nobody@127.0.0.1:1/none', patienceMs: 0 })).rejects.toMatchObject({
      code: 'KEY_STORE.UNAVAILABLE',
    });
  });

  it('gives one person the same ref and key in every process, whoever mints it', async () => {
    await open();
    const told = await Promise.all(
      (['forwards', 'backwards', 'forwards'] as const).map((order) => mint(postgres.url, schema, order)),
    );
    expect(JSON.parse(told[0] as string)).toHaveLength(1_000);
    for (const other of told) expect(other).toBe(told[0]);
  }, 120_000);

  it('mints a key once where one process knows the ref and another one anchors it', async () => {
    const [a, b] = [await open(), await open()];
    const beside = [{ workspace: SHOP, identifiers: [ALI, VELI], anchor: 1 }];
    await Promise.all([a.resolve(beside), b.resolve(beside)]);
    const [first, second] = await Promise.all([touch(a, ALI), touch(b, ALI)]);
    expect(first).toEqual(second);
  });

  it.each([
    ['told', 600_000],
    ['looking by itself', 100],
  ])('forgets within seconds what another one erases, %s', async (how, pollMs) => {
    const [eraser, stale] = [await open(), await open({ pollMs })];
    const [ali, veli, other] = await touchAll(stale, [ALI, VELI, ...people(1)]);
    if (!ali || !veli || !other) throw new Error('not minted');
    await touchAll(eraser, [ALI, VELI]);
    if (how !== 'told') {
      await onPostgres(
        postgres.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN temas_erasures_${schema}'`,
      );
    }
    await eraser.erase({ workspace: SHOP, refs: refs([ali, veli]), suppress: refs([ali]) });
    const deadline = performance.now() + 5_000;
    while (performance.now() < deadline) {
      const [answer] = await stale.resolve([{ workspace: SHOP, identifiers: [ALI], anchor: 0 }]);
      if (answer?.outcome === 'suppressed') break;
      await pause(20);
    }
    expect(await stale.resolve([{ workspace: SHOP, identifiers: [ALI], anchor: 0 }])).toEqual([
      { outcome: 'suppressed' },
    ]);
    expect(await stale.keysOf(refs([ali, veli, other]))).toEqual([null, null, other.key]);
    const reborn = await touch(stale, VELI);
    expect(reborn.anchorRef).not.toBe(veli.anchorRef);
    expect(reborn.key).not.toEqual(veli.key);
    expect(await touch(eraser, VELI)).toEqual(reborn);
    expect((await stale.resolve([{ workspace: SHOP, identifiers: people(1), anchor: 0 }]))[0]).toEqual(other);
  });

  it('answers no known person from memory once it cannot hear of erasures', async () => {
    const server = await PostgresServer.start();
    const store = await openPostgresKeyStore({ url: server.url, masterKey: MASTER_KEY, patienceMs: 100 });
    await touch(store, ALI);
    await server.kill();
    await pause(3_500);
    await expect(touch(store, ALI)).rejects.toMatchObject({ code: 'KEY_STORE.UNAVAILABLE' });
    await expect(store.find(SHOP, ALI)).rejects.toMatchObject({ code: 'KEY_STORE.UNAVAILABLE' });
    await store.close();
    await server.stop();
  }, 60_000);

  it('keeps old bucket keys out of the table’s files, and tells what the log of the database still holds', async () => {
    const store = await open();
    expect(await store.remains()).toBeUndefined();
    const all = await touchAll(store, people(300));
    const wrapped = (): Promise<{ bucket: number; wrapped: Buffer; generation: number }[]> =>
      onPostgres(postgres.url, `SELECT bucket, wrapped, generation FROM ${schema}.key_buckets`);
    const before = new Map((await wrapped()).map((row) => [row.bucket, row.wrapped]));
    await store.erase({ workspace: SHOP, refs: refs(all.slice(0, 3)), suppress: [] });
    const replaced = (await wrapped()).filter(({ generation }) => generation > 1);
    expect(replaced.length).toBeGreaterThan(0);
    const [file] = await onPostgres<{ bytes: Buffer }>(postgres.url, `CHECKPOINT; SELECT 1`).then(() =>
      onPostgres<{ bytes: Buffer }>(
        postgres.url,
        `SELECT pg_read_binary_file(pg_relation_filepath('${schema}.key_buckets')) AS bytes`,
      ),
    );
    for (const { bucket, wrapped: current } of replaced) {
      expect(file?.bytes.includes(current)).toBe(true);
      expect(file?.bytes.includes(before.get(bucket) as Buffer)).toBe(false);
    }
    expect(await store.remains()).toEqual({
      erasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      walUpTo: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
      walSwitched: true,
      archiving: false,
    });
  });

  it('finishes the sweep of an erasure that was cut', async () => {
    const store = await open();
    const { anchorRef } = await touch(store, ALI);
    await store.erase({ workspace: SHOP, refs: [anchorRef], suppress: [] });
    await onPostgres(
      postgres.url,
      `UPDATE ${schema}.key_identity SET sweep_due = true;
       UPDATE ${schema}.key_erasures SET wal_up_to = NULL, wal_switched = NULL`,
    );
    expect(await store.remains()).toMatchObject({ walUpTo: null });
    expect(await (await open()).remains()).toMatchObject({ walSwitched: true });
  });

  it('holds no identifier and no key in plain text', async () => {
    const store = await open();
    const [person] = await touchAll(store, people(1));
    const rows = await onPostgres<{ row: string }>(
      postgres.url,
      `SELECT r::text AS row FROM ${schema}.key_refs r UNION ALL SELECT b::text FROM ${schema}.key_buckets b`,
    );
    const text = rows.map(({ row }) => row).join();
    expect(text).not.toContain('example.com');
    expect(text).not.toContain(Buffer.from('example.com').toString('hex'));
    expect(text).not.toContain(person?.key.toString('hex'));
  });
});

if (!postgresStartable()) saySkipped('a key store whose PostgreSQL is killed');

(postgresStartable() ? describe : describe.skip)('a key store whose PostgreSQL is killed', () => {
  it('goes on by itself after a restart, and has lost no key that was answered', async () => {
    const server = await PostgresServer.start();
    const store = await openPostgresKeyStore({ url: server.url, masterKey: MASTER_KEY, patienceMs: 30_000 });
    const identifiers = people(3_000);
    let going = true;
    const answered: Awaited<ReturnType<typeof touchAll>> = [];
    const minting = (async () => {
      for (let at = 0; going && at < identifiers.length; at += 10) {
        answered.push(...(await touchAll(store, identifiers.slice(at, at + 10))));
      }
    })();
    for (let round = 0; round < 2; round++) {
      await pause(300);
      await server.kill();
      const before = answered.length;
      await server.restart();
      while (answered.length < Math.min(before + 50, identifiers.length)) await pause(10);
    }
    going = false;
    await minting;
    const other = await openPostgresKeyStore({ url: server.url, masterKey: MASTER_KEY });
    expect(await touchAll(other, identifiers.slice(0, answered.length))).toEqual(answered);
    const dead = refs(answered.slice(0, 5));
    await store.erase({ workspace: SHOP, refs: dead, suppress: dead });
    expect(await other.keysOf(refs(answered))).toEqual(
      answered.map(({ anchorRef, key }) => (dead.includes(anchorRef) ? null : key)),
    );
    await store.close();
    await other.close();
    await server.stop();
  }, 120_000);
});

/** What a process of its own has minted: a line of JSON. */
async function mint(url: string, schema: string, order: 'forwards' | 'backwards'): Promise<string> {
  const testing = (file: string): URL => new URL(`../../testing/${file}`, import.meta.url);
  const hook = new URL('../../../../state-store/src/testing/run-typescript.mjs', import.meta.url).href;
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', hook, fileURLToPath(testing('minting.child.ts')), url, schema, order],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the minting process ended with ${code}`);
  return text;
}

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedKeyStore, openPostgresKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import type { Ref, Workspace } from '#kernel';
import { openPostgresStateStore, openRocksStateStore } from '#state-store';
import type { StateStore } from '#state-store';
import {
  freshSchema,
  onPostgres,
  postgresReachable,
  reachPostgres,
  saySkipped,
} from '../support/postgres-server.ts';
import { compare } from './report.ts';

const RUNS = 3;
const ROWS = 2_000;
const ROW_BYTES = 300;
const BLOCKS = 60;
const PEOPLE = 10_000;
const CALL = 100;
const CALLS_IN_FLIGHT = 8;

/** Rows and keys a second of the PostgreSQL adapters, beside the embedded ones in the same run. */
export async function benchPostgres(): Promise<void> {
  if (!postgresReachable()) return saySkipped('the PostgreSQL adapters’ rates');
  const postgres = await reachPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'temas-bench-postgres-'));
  const pairs: { commits: Pair[]; updates: Pair[]; reads: Pair[]; minted: Pair[]; opened: Pair[] } = {
    commits: [],
    updates: [],
    reads: [],
    minted: [],
    opened: [],
  };
  for (let run = 0; run < RUNS; run++) {
    const schema = freshSchema();
    const ours = await ratesOfState(
      await openPostgresStateStore({ url: postgres.url, schema, name: 'bench' }),
    );
    const limit = await ratesOfState(await openRocksStateStore({ path: join(folder, `state-${run}`) }));
    const masterKey = randomBytes(32);
    const keys = await ratesOfKeys(
      await openPostgresKeyStore({ url: postgres.url, schema, masterKey, cacheSize: 1 }),
    );
    const path = join(folder, `keys-${run}`);
    const embedded = await ratesOfKeys(await openEmbeddedKeyStore({ path, masterKey, cacheSize: 1 }));
    pairs.commits.push({ ours: ours.commits, limit: limit.commits });
    pairs.updates.push({ ours: ours.updates, limit: limit.updates });
    pairs.reads.push({ ours: ours.reads, limit: limit.reads });
    pairs.minted.push({ ours: keys.minted, limit: embedded.minted });
    pairs.opened.push({ ours: keys.opened, limit: embedded.opened });
    await onPostgres(postgres.url, `DROP SCHEMA ${schema} CASCADE`);
  }
  const state = `${ROWS} rows of ${ROW_BYTES} B`;
  compare(
    `state store, commits of ${state}, new keys in random order, rows`,
    'RocksDB',
    pairs.commits,
    'no goal',
  );
  compare(`state store, commits of ${state}, existing keys, rows`, 'RocksDB', pairs.updates, 'no goal');
  compare(`state store, batch reads of ${state}, rows`, 'RocksDB', pairs.reads, 'no goal');
  const calls = `calls of ${CALL}, ${CALLS_IN_FLIGHT} in flight`;
  compare(`key store, people minted, ${calls}`, 'LMDB', pairs.minted, 'no goal');
  compare(`key store, keys read past the cache, ${calls}`, 'LMDB', pairs.opened, 'no goal');
  rmSync(folder, { recursive: true, force: true });
  await postgres.stop();
}

interface Pair {
  readonly ours: number;
  readonly limit: number;
}

async function ratesOfState(
  store: StateStore,
): Promise<{ readonly commits: number; readonly updates: number; readonly reads: number }> {
  const blocks = Array.from({ length: BLOCKS }, () =>
    Array.from({ length: ROWS }, () => randomBytes(16).toString('hex')),
  );
  const write = async (rows: readonly string[], block: number, from: number): Promise<void> => {
    const value = randomBytes(ROW_BYTES);
    const move = { name: 'bench', expected: BigInt(from + block), next: BigInt(from + block + 1) };
    await store.commit(
      rows.map((key) => ({ collection: 'bench', key, value })),
      [move],
    );
  };
  const commits = await rate(blocks, ROWS, (rows, block) => write(rows, block, 0));
  // Rows of many earlier blocks in each, as a fold meets them.
  const mixed = blocks.map((_, block) =>
    Array.from({ length: ROWS }, (_row, i) => blocks[(block + i) % BLOCKS]?.[i] as string),
  );
  const updates = await rate(mixed, ROWS, (rows, block) => write(rows, block, BLOCKS));
  const reads = await rate(mixed, ROWS, async (rows) => {
    await store.read(rows.map((key) => ({ collection: 'bench', key })));
  });
  await store.close();
  return { commits, updates, reads };
}

async function ratesOfKeys(store: KeyStore): Promise<{ readonly minted: number; readonly opened: number }> {
  const workspace = 'bench' as Workspace;
  const calls = Array.from({ length: PEOPLE / CALL }, (_, call) =>
    Array.from({ length: CALL }, (_person, i) => ({
      workspace,
      identifiers: [{ namespace: 'email', value: `${call}-${i}@example.com` }],
      anchor: 0,
    })),
  );
  const found: Ref[][] = [];
  const minted = await rate(
    calls,
    CALL,
    async (requests) => {
      const resolutions = await store.resolve(requests);
      found.push(resolutions.flatMap((one) => (one.outcome === 'resolved' ? [one.anchorRef] : [])));
    },
    CALLS_IN_FLIGHT,
  );
  const opened = await rate(found, CALL, async (refs) => void (await store.keysOf(refs)), CALLS_IN_FLIGHT);
  await store.close();
  return { minted, opened };
}

/** Items a second over all parts, so many of them at once. */
async function rate<T>(
  parts: readonly T[],
  items: number,
  work: (part: T, index: number) => Promise<void>,
  atOnce = 1,
): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < parts.length) {
      const index = next++;
      await work(parts[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (parts.length * items * 1_000) / (performance.now() - began);
}

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresStartable, PostgresServer, saySkipped } from '#test/postgres-server';
import { keysOf, put } from '../../scan.contract.ts';
import type { StateStore } from '../../state-store.port.ts';
import { openPostgresStateStore } from './postgres-state-store.ts';

if (!postgresStartable()) saySkipped('a state store whose PostgreSQL is killed');

(postgresStartable() ? describe : describe.skip)('a state store whose PostgreSQL is killed', () => {
  let server: PostgresServer;
  let store: StateStore;
  let committed = 0n;

  beforeAll(async () => {
    server = await PostgresServer.start();
    store = await openPostgresStateStore({ url: server.url, name: 'v1' });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await server.stop();
  }, 60_000);

  /** One commit: a row of its own, and one that every commit overwrites with its own number. */
  async function commitNext(): Promise<string> {
    const next = committed + 1n;
    const text = String(next).padStart(8, '0');
    const { outcome } = await store.commit(
      [put('own', text, text), put('shared', 'newest', text)],
      [{ name: 'loop', expected: committed, next }],
    );
    committed = next;
    return outcome;
  }

  it('goes on by itself after a restart, with every answered commit, each applied once', async () => {
    for (let round = 0; round < 3; round++) {
      let going = true;
      const outcomes = new Set<string>();
      const loop = (async () => {
        while (going) outcomes.add(await commitNext());
      })();
      const readers = (async () => {
        while (going) await store.read([{ collection: 'shared', key: 'newest' }]);
      })();
      await pause(200 + Math.random() * 300);
      await server.kill();
      const answered = committed;
      await server.restart();
      while (committed < answered + 20n) await pause(10);
      going = false;
      await Promise.all([loop, readers]);
      expect([...outcomes]).toEqual(['committed']);
      const own = await keysOf(store, { collection: 'own' });
      expect(BigInt(own.length)).toBe(committed);
      expect(BigInt(own.at(-1) as string)).toBe(committed);
      expect(await store.checkpoint('loop')).toBe(committed);
      const [newest] = await store.read([{ collection: 'shared', key: 'newest' }]);
      expect(BigInt(String(newest))).toBe(committed);
    }
  }, 120_000);

  it('recognises a commit that is sent again, and one that comes too late, whatever it holds', async () => {
    const { query, close } = await rawCommits(server.url);
    const writer = '00000000-0000-4000-8000-000000000001';
    expect(await query(writer, 7, 'rows\0a', committed, committed + 1n)).toEqual([]);
    expect(await query(writer, 7, 'rows\0a', committed, committed + 1n)).toEqual([]);
    expect(await query(writer, 6, 'rows\0late', committed + 1n, committed + 9n)).toEqual([]);
    expect(await store.checkpoint('loop')).toBe(committed + 1n);
    expect(await keysOf(store, { collection: 'rows' })).toEqual(['a']);
    expect(await query(writer, 8, 'rows\0b', committed, committed + 9n)).toMatchObject([
      { outcome: 'conflict' },
    ]);
    await close();
  });

  it('says so in a coded error when the server stays away, and closes without it', async () => {
    const impatient = await openPostgresStateStore({ url: server.url, name: 'v2', patienceMs: 300 });
    await server.kill();
    const away = { code: 'STATE_STORE.UNAVAILABLE' };
    await expect(impatient.commit([put('rows', 'k', 'v')])).rejects.toMatchObject(away);
    await expect(impatient.read([{ collection: 'rows', key: 'k' }])).rejects.toMatchObject(away);
    await expect(keysOf(impatient, { collection: 'rows' })).rejects.toMatchObject(away);
    await impatient.close();
    await server.restart();
  }, 60_000);
});

/** Commits as the adapter sends them, under a writer and a number of the spec's choice. */
async function rawCommits(url: string): Promise<{
  query: (writer: string, number: number, key: string, expected: bigint, next: bigint) => Promise<unknown[]>;
  close: () => Promise<void>;
}> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    query: async (writer, number, key, expected, next) => {
      const { rows } = await client.query(
        `SELECT * FROM temas.state_commit('v1', $1, $2, NULL, NULL, ARRAY[$3::bytea], ARRAY['v'::bytea], '{}',
           '{loop}', ARRAY[$4::numeric], ARRAY[$5::numeric])`,
        [writer, number, Buffer.from(key), String(expected), String(next)],
      );
      return rows;
    },
    close: () => client.end(),
  };
}

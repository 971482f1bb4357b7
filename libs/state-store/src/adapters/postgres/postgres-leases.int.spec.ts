import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshSchema, onPostgres, postgresReachable, reachPostgres, saySkipped } from '#test/postgres-server';
import type { ReachedPostgres } from '#test/postgres-server';
import type { Leases } from '../../lease.port.ts';
import { keysOf, put } from '../../scan.contract.ts';
import { openPostgresLeases } from './postgres-leases.ts';
import { openPostgresStateStore } from './postgres-state-store.ts';
import { openPostgresStateStores } from './postgres-state-stores.ts';

if (!postgresReachable()) saySkipped('leases in PostgreSQL');

(postgresReachable() ? describe : describe.skip)('leases in PostgreSQL', () => {
  const NEVER = new AbortController().signal;
  let postgres: ReachedPostgres;
  let at: { url: string; schema: string };
  let opened: { close(): Promise<void> }[];

  beforeAll(async () => {
    postgres = await reachPostgres();
  }, 120_000);
  afterAll(() => postgres.stop(), 60_000);
  beforeEach(() => {
    at = { url: postgres.url, schema: freshSchema() };
    opened = [];
  });
  afterEach(async () => {
    for (const one of opened.reverse()) await one.close();
    await onPostgres(postgres.url, `DROP SCHEMA IF EXISTS ${at.schema} CASCADE`);
  });

  async function leases(ttlMs = 60_000): Promise<Leases> {
    const made = await openPostgresLeases({ ...at, ttlMs, pollMs: 20 });
    opened.push(made);
    return made;
  }

  it('has one holder, and lets a standby in once it is released, with a greater epoch', async () => {
    const [a, b] = [await leases(), await leases()];
    const first = await a.acquire('projector', NEVER);
    expect(first?.epoch).toBe(1n);
    const standby = b.acquire('projector', NEVER);
    const early = new AbortController();
    const impatient = b.acquire('projector', early.signal);
    early.abort();
    expect(await impatient).toBeUndefined();
    expect(await b.standing('projector')).toMatchObject({ epoch: 1n, holder: expect.stringContaining(':') });
    await first?.release();
    await first?.release();
    expect((await standby)?.epoch).toBe(2n);
    expect((await b.acquire('another', NEVER))?.epoch).toBe(1n);
    expect(await b.standing('unknown')).toBeUndefined();
  });

  it('stays with a holder that renews it, well beyond its time to live', async () => {
    const [a, b] = [await leases(1_500), await leases(1_500)];
    const held = await a.acquire('projector', NEVER);
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 4_000);
    expect(await b.acquire('projector', giveUp.signal)).toBeUndefined();
    expect(held?.lost.aborted).toBe(false);
  });

  it('tells a holder that another one took it, and refuses its commits, drops and notes', async () => {
    const a = await leases();
    const held = await a.acquire('projector', NEVER);
    if (held === undefined) throw new Error('not held');
    const stores = await openPostgresStateStores({ ...at, lease: held });
    opened.push(stores);
    const store = await stores.open(1);
    expect(await store.commit([put('rows', 'a', '1')])).toEqual({ outcome: 'committed' });
    await stores.writeCurrent(1);
    await onPostgres(postgres.url, `UPDATE ${at.schema}.leases SET epoch = 2, holder = 'other'`);

    const deposed = { code: 'STATE_STORE.DEPOSED' };
    await expect(store.commit([put('rows', 'b', '1')])).rejects.toMatchObject(deposed);
    await expect(store.commit([])).rejects.toMatchObject(deposed);
    await expect(
      store.commit([put('rows', 'b', '1')], [{ name: 'mark', expected: 0n, next: 1n }]),
    ).rejects.toMatchObject(deposed);
    await expect(stores.writeCurrent(2)).rejects.toMatchObject(deposed);
    await expect(stores.drop(1)).rejects.toMatchObject(deposed);
    await expect(stores.open(2)).rejects.toMatchObject(deposed);
    expect(await keysOf(store, { collection: 'rows' })).toEqual(['a']);
    expect(await store.checkpoint('mark')).toBe(0n);
    expect(await stores.readCurrent()).toBe(1);
    expect(await stores.list()).toEqual([1]);
    if (!held.lost.aborted) await once(held.lost, 'abort');
    await store.close();
  }, 60_000);

  it('lets a commit under way end before it passes on, and none begin after', async () => {
    const [a, b] = [await leases(1_500), await leases(1_500)];
    const held = await a.acquire('projector', NEVER);
    if (held === undefined) throw new Error('not held');
    const store = await openPostgresStateStore({ ...at, name: 'v1', lease: held });
    opened.push(store);
    // Somebody holds a row that the commit needs, so that it stands in its middle, the lease in its hand.
    const { Client } = (await import('pg')).default;
    const blocker = new Client({ connectionString: postgres.url });
    await blocker.connect();
    await store.commit([put('rows', 'k', '0')]);
    await blocker.query(`BEGIN; SELECT 1 FROM ${at.schema}.rows_v1 FOR UPDATE`);
    const underWay = store.commit([put('rows', 'k', '1'), put('rows', 'l', '1')]);
    // Its renewals fail from here on, as those of a stopped process would.
    await onPostgres(postgres.url, `UPDATE ${at.schema}.leases SET holder = 'stopped'`);
    const taken = b.acquire('projector', NEVER);
    if (!held.lost.aborted) await once(held.lost, 'abort');
    await onPostgres(postgres.url, 'SELECT pg_sleep(3)');
    expect((await b.standing('projector'))?.epoch).toBe(1n);
    await blocker.query('COMMIT');
    await blocker.end();
    expect(await underWay).toEqual({ outcome: 'committed' });
    expect((await taken)?.epoch).toBe(2n);
    await expect(store.commit([put('rows', 'm', '1')])).rejects.toMatchObject({
      code: 'STATE_STORE.DEPOSED',
    });
    expect(await keysOf(store, { collection: 'rows' })).toEqual(['k', 'l']);
  }, 60_000);

  it('passes from a stopped process to its standby, and the late writes of the first change nothing', async () => {
    const first = new Holder(at);
    await first.said(/^holds 1$/);
    await first.said(/^committed 20$/);
    const second = new Holder(at);
    try {
      first.child.kill('SIGSTOP');
      await second.said(/^holds 2$/);
      await second.said(/^committed /);
      first.child.kill('SIGCONT');
      await first.said(/^lost 1$/);
      await first.said(/^refused STATE_STORE\.DEPOSED$/);
      await first.said(/^late STATE_STORE\.DEPOSED$/);

      second.child.kill('SIGKILL');
      const third = new Holder(at);
      await third.said(/^holds 3$/).finally(() => third.child.kill('SIGKILL'));
      const store = await openPostgresStateStore({ ...at, name: 'v1' });
      opened.push(store);
      expect(await keysOf(store, { collection: 'late' })).toEqual([]);
      const holders: bigint[] = [];
      for await (const { value } of store.scan({ collection: 'rows' }))
        holders.push(BigInt(value.toString()));
      expect(BigInt(holders.length)).toBe(await store.checkpoint('loop'));
      expect(holders).toEqual([...holders].sort((a, b) => Number(a - b)));
    } finally {
      first.child.kill('SIGKILL');
      second.child.kill('SIGKILL');
    }
  }, 120_000);
});

/** A process that holds the lease and commits under it. */
class Holder {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly #lines: string[] = [];

  constructor({ url, schema }: { url: string; schema: string }) {
    const testing = (file: string): URL => new URL(`../../testing/${file}`, import.meta.url);
    const program = fileURLToPath(testing('lease-holder.child.ts'));
    const hook = testing('run-typescript.mjs').href;
    this.child = spawn(process.execPath, ['--conditions=source', '--import', hook, program, url, schema], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() as string;
      this.#lines.push(...parts);
    });
  }

  /** Resolves once a line was said; rejects if the process ends before. */
  said(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#lines.some((line) => pattern.test(line))) resolve();
      };
      this.child.stdout.on('data', look);
      this.child.once('exit', () =>
        reject(new Error(`ended before ${pattern}: ${this.#lines.slice(-3).join()}`)),
      );
      look();
    });
  }
}

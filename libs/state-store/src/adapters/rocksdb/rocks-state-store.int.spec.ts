import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stateStoreContract } from '../../state-store.contract.ts';
import { openRocksStateStore } from './rocks-state-store.ts';

const temporary = () => mkdtemp(join(tmpdir(), 'temas-state-'));

stateStoreContract('the RocksDB store', async () => {
  const path = await temporary();
  let store = await openRocksStateStore({ path });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openRocksStateStore({ path });
      return store;
    },
    async destroy() {
      await store.close();
      await rm(path, { recursive: true, force: true });
    },
  };
});

describe('openRocksStateStore', () => {
  let root: string;

  beforeAll(async () => {
    root = await temporary();
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  it('creates the folders it needs', async () => {
    const store = await openRocksStateStore({ path: join(root, 'deep', 'down', 'state') });
    expect(await store.checkpoint('any')).toBe(0n);
    await store.close();
  });

  it('refuses a folder that this process already holds, and leaves the holder unharmed', async () => {
    const path = join(root, 'twice');
    const store = await openRocksStateStore({ path });
    await expect(openRocksStateStore({ path })).rejects.toMatchObject({ code: 'STATE_STORE.IN_USE' });
    expect(await store.commit([{ collection: 'a', key: 'k', value: Buffer.from('v') }])).toEqual({
      outcome: 'committed',
    });
    await store.close();
    await (await openRocksStateStore({ path })).close();
  });

  it('answers sync while full logs make way for new ones', async () => {
    const store = await openRocksStateStore({ path: join(root, 'rotating') });
    const value = Buffer.alloc(1024 * 1024, 'row');
    const syncs: Promise<void>[] = [];
    for (let i = 0; i < 100; i++) {
      await store.commit([{ collection: 'rows', key: `${i}`, value }]);
      syncs.push(store.sync());
    }
    await Promise.all(syncs);
    await store.close();
  });

  it('says why a folder cannot be opened', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    const failed = { code: 'STATE_STORE.FAILED' };
    await expect(openRocksStateStore({ path: file })).rejects.toMatchObject(failed);
    await expect(openRocksStateStore({ path: join(file, 'below') })).rejects.toMatchObject(failed);

    const damaged = join(root, 'damaged');
    await (await openRocksStateStore({ path: damaged })).close();
    await writeFile(join(damaged, 'CURRENT'), 'damaged');
    await expect(openRocksStateStore({ path: damaged })).rejects.toMatchObject(failed);
  });
});

describe('a process that is killed while it commits', () => {
  const ROUNDS = 5;
  let path: string;
  let child: Child | undefined;

  beforeAll(async () => {
    path = await temporary();
  });

  afterAll(async () => {
    child?.kill('SIGKILL');
    await rm(path, { recursive: true, force: true });
  });

  it('has lost no answered commit and torn none, and held the folder for itself', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      child = startCommitLoop(path);
      const ended = once(child, 'close');
      const answers = readAnswers(child);
      await answers.reached(100 + Math.floor(Math.random() * 1000));
      if (round === 1) {
        await expect(openRocksStateStore({ path })).rejects.toMatchObject({ code: 'STATE_STORE.IN_USE' });
      }
      child.kill('SIGKILL');
      await ended;

      const store = await openRocksStateStore({ path });
      const stands = await store.checkpoint('loop');
      expect(stands).toBeGreaterThanOrEqual(answers.last());
      for await (const { value } of store.scan({ collection: 'shared' }))
        expect(numberIn(value)).toBe(stands);
      let own = 0n;
      for await (const { value } of store.scan({ collection: 'own' })) expect(numberIn(value)).toBe(++own);
      expect(own).toBe(stands);
      await store.close();
    }
  }, 120_000);
});

type Child = ChildProcessByStdio<null, Readable, null>;

function startCommitLoop(path: string): Child {
  const testing = (file: string) => fileURLToPath(new URL(`../../testing/${file}`, import.meta.url));
  const hook = new URL('../../testing/run-typescript.mjs', import.meta.url).href;
  return spawn(
    process.execPath,
    ['--conditions=source', '--import', hook, testing('commit-loop.child.ts'), path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

interface Answers {
  /** Number of the last commit that the child was answered. */
  last(): bigint;
  /** Resolves once the child was answered `count` commits; rejects if it ends before. */
  reached(count: number): Promise<void>;
}

/** Follows what the child says; a line cut by the kill does not count. */
function readAnswers(child: Child): Answers {
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() as string;
    lines.push(...parts);
  });
  return {
    last() {
      const [outcome, number] = (lines.at(-1) as string).split(' ');
      expect(outcome).toBe('committed');
      return BigInt(number as string);
    },
    reached: (count) =>
      new Promise((resolve, reject) => {
        child.once('exit', () =>
          reject(new Error(`the child ended by itself after ${lines.length} commits`)),
        );
        child.stdout.on('data', () => lines.length >= count && resolve());
      }),
  };
}

function numberIn(value: Buffer): bigint {
  return BigInt(value.toString().replaceAll('.', ''));
}

/**
 * What identity alone does over the real state store, one core. From the repository's root:
 * `node --conditions=source --import ./libs/state-store/src/testing/run-typescript.mjs libs/identity/src/testing/bench.ts [people] [observations]`
 */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRocksStateStore, UnitOfWork, type StateStore } from '#state-store';
import type { Observation } from '../identity.types.ts';
import { createMatcher } from '../matcher.ts';
import { flood, mix } from './mix.ts';

const BLOCK = 1_000;

async function fold(store: StateStore, observations: Iterable<Observation>): Promise<Record<string, number>> {
  const matcher = createMatcher();
  const work = new UnitOfWork(store);
  const started = performance.now();
  const cpu = process.cpuUsage();
  let [count, decisions, slowest, quiet] = [0, 0, 0, 0];
  let block: Observation[] = [];
  const flush = async () => {
    const from = performance.now();
    await matcher.load(work, block);
    for (const one of block) {
      const step = await matcher.observe(work, one);
      decisions += step.decisions.length;
      if (step.decisions.length === 0) quiet++;
    }
    await store.commit(work.writes());
    work.committed();
    slowest = Math.max(slowest, performance.now() - from);
    block = [];
  };
  for (const one of observations) {
    block.push(one);
    count++;
    if (block.length === BLOCK) await flush();
  }
  await flush();
  const spent = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1_000;
  return {
    observations: count,
    perSecond: Math.round(count / seconds),
    // All threads of the process: on a busy machine this, not the clock, tells what an observation costs.
    cpuMicrosEach: Math.round(((spent.user + spent.system) / count) * 10) / 10,
    slowestBlockMs: Math.round(slowest),
    decisions,
    quietPercent: Math.round((100 * quiet) / count),
  };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

async function anonymousMegabytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

async function measure(name: string, observations: Iterable<Observation>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), 'temas-identity-'));
  const store = await openRocksStateStore({ path });
  const figures = await fold(store, observations);
  let identifiers = 0;
  let bytes = 0;
  for (const collection of ['i.ref', 'i.prof', 'i.ev', 'i.link']) {
    for await (const { key, value } of store.scan({ collection })) {
      bytes += key.length + value.length;
      if (collection === 'i.ref') identifiers++;
    }
  }
  await store.close();
  const row = {
    ...figures,
    identifiers,
    bytesPerIdentifier: Math.round(bytes / identifiers),
    onDiskPerIdentifier: Math.round((await bytesIn(path)) / identifiers),
    anonymousMb: await anonymousMegabytes(),
  };
  process.stdout.write(`${name} ${JSON.stringify(row)}\n`);
  await rm(path, { recursive: true, force: true });
}

const people = Number(process.argv[2] ?? 100_000);
const count = Number(process.argv[3] ?? 1_000_000);
const many = Number(process.argv[4] ?? 100_000);
await measure('mix', mix(people, count));
await measure('flood of people on a device', flood('people', many));
await measure('flood of browsers on a device', flood('browsers', many));
await measure('flood of browsers, newest first', flood('browsers', many, -1));

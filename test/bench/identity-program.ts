import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMatcher } from '#identity';
import type { Observation } from '#identity';
import { openRocksStateStore, UnitOfWork } from '#state-store';
import type { StateStore } from '#state-store';
import { everybody, flood, mix } from './identity-mix.ts';

const BLOCK = 1_000;
const STRETCH = 128;
const PEOPLE = Number(process.argv[2]);

/** What a run of observations cost, without making them up. */
interface Cost {
  readonly count: number;
  readonly seconds: number;
  /** Of all threads: on a busy machine this, not the clock, tells what an observation costs. */
  readonly cpuSeconds: number;
  readonly slowestBlockMs: number;
  readonly quiet: number;
}

/**
 * As the runner does it: the next block is read ahead while one is folded, in stretches between which reads get their
 * turn. The commit is awaited behind the next fold, which the runner does not do.
 */
async function fold(store: StateStore, observations: Iterator<Observation>): Promise<Cost> {
  const matcher = createMatcher();
  const work = new UnitOfWork(store);
  let [count, slowestBlockMs, quiet, making] = [0, 0, 0, 0];
  const next = (): Observation[] => {
    const from = performance.now();
    const block: Observation[] = [];
    for (let one = observations.next(); one.done !== true; one = observations.next())
      if (block.push(one.value) === BLOCK) break;
    making += performance.now() - from;
    return block;
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  let block = next();
  let reading = matcher.load(work, block);
  let landing: Promise<unknown> = Promise.resolve();
  while (block.length > 0) {
    const from = performance.now();
    await reading;
    const made = making;
    const following = next();
    reading = matcher.load(work, following);
    for (const [i, one] of block.entries()) {
      const { decisions } = await matcher.observe(work, one);
      if (decisions.length === 0) quiet++;
      if (i % STRETCH === STRETCH - 1) await nextTurn();
    }
    const writes = work.writes();
    await landing;
    landing = store.commit(writes).then(() => work.committed());
    slowestBlockMs = Math.max(slowestBlockMs, performance.now() - from - (making - made));
    count += block.length;
    if (count % 500_000 === 0) process.stderr.write(`  ${count.toLocaleString('en')} observations\r`);
    block = following;
  }
  await landing;
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started - making) / 1_000;
  return { count, seconds, cpuSeconds: (user + system) / 1e6 - making / 1_000, slowestBlockMs, quiet };
}

function tell(name: string, { count, seconds, cpuSeconds, slowestBlockMs, quiet }: Cost): void {
  const figures = [
    `${Math.round(count / seconds).toLocaleString('en')}/s`,
    `${Math.round(count / cpuSeconds).toLocaleString('en')} a second of CPU, all threads`,
    `slowest block of ${BLOCK} ${Math.round(slowestBlockMs)} ms`,
    `${Math.round((100 * quiet) / count)} % decided nothing`,
  ];
  process.stdout.write(`  ${name.padEnd(34)} ${figures.join(', ')}\n`);
}

async function withStore(visit: (store: StateStore, path: string) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'temas-bench-'));
  const store = await openRocksStateStore({ path });
  await visit(store, path);
  await store.close();
  rmSync(path, { recursive: true });
}

async function rowsOf(store: StateStore): Promise<{ identifiers: number; bytes: number }> {
  let [identifiers, bytes] = [0, 0];
  for (const collection of ['i.ref', 'i.prof', 'i.ev', 'i.link']) {
    for await (const { key, value } of store.scan({ collection })) {
      bytes += key.length + value.length;
      if (collection === 'i.ref') identifiers++;
    }
  }
  return { identifiers, bytes };
}

function bytesOnDisk(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile());
  return files.reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}

/** Linux tells; elsewhere it is unknown. */
function anonymousMegabytes(): string {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return String(Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1_024));
  } catch {
    return 'an unknown number of';
  }
}

for (let run = 1; run <= 3; run++)
  await withStore(async (store) =>
    tell(`mix of 100,000 people, run ${run}`, await fold(store, mix(100_000, 1_000_000))),
  );
for (const [name, one] of [
  ['100,000 people on one device', flood('people', 100_000)],
  ['100,000 browsers of one visitor', flood('browsers', 100_000)],
] as const)
  await withStore(async (store) => tell(name, await fold(store, one)));
await withStore(async (store, path) => {
  tell(`${(3 * PEOPLE).toLocaleString('en')} new identifiers`, await fold(store, everybody(PEOPLE)));
  tell('mix over all of them', await fold(store, mix(PEOPLE, 200_000, PEOPLE)));
  const held = anonymousMegabytes();
  const { identifiers, bytes } = await rowsOf(store);
  const disk = bytesOnDisk(path) / identifiers;
  process.stdout.write(
    `  ${identifiers.toLocaleString('en')} identifiers: ${held} MB anonymous memory, ${Math.round(bytes / identifiers)} bytes of rows each, ${Math.round(disk)} on disk\n\n`,
  );
});

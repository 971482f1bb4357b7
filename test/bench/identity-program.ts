import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '#identity';
import type { Observation } from '#identity';
import { openRocksStateStore, UnitOfWork } from '#state-store';
import type { StateStore } from '#state-store';
import { everybody, flood, mix } from './identity-mix.ts';

const BLOCK = 1_000;
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

async function fold(store: StateStore, observations: Iterable<Observation>): Promise<Cost> {
  const matcher = createMatcher();
  const work = new UnitOfWork(store);
  let [count, seconds, cpuSeconds, slowestBlockMs, quiet] = [0, 0, 0, 0, 0];
  const flush = async (block: readonly Observation[]): Promise<void> => {
    const from = performance.now();
    const cpu = process.cpuUsage();
    await matcher.load(work, block);
    for (const one of block) {
      const { decisions } = await matcher.observe(work, one);
      if (decisions.length === 0) quiet++;
    }
    await store.commit(work.writes());
    work.committed();
    const ms = performance.now() - from;
    const { user, system } = process.cpuUsage(cpu);
    slowestBlockMs = Math.max(slowestBlockMs, ms);
    seconds += ms / 1_000;
    cpuSeconds += (user + system) / 1e6;
    count += block.length;
    if (count % 500_000 === 0) process.stderr.write(`  ${count.toLocaleString('en')} observations\r`);
  };
  let block: Observation[] = [];
  for (const one of observations) {
    block.push(one);
    if (block.length < BLOCK) continue;
    await flush(block);
    block = [];
  }
  if (block.length > 0) await flush(block);
  return { count, seconds, cpuSeconds, slowestBlockMs, quiet };
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

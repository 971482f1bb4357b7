import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { FitRequest } from '#config';
import { clickHouseTime, uuidV5, TEMAS_NAMESPACE } from '#kernel';
import type { EventId, Workspace } from '#kernel';
import { FitThread } from '#scoring';
import { columnNames, createViews, migrate, ORDERS, startEmbeddedWarehouse, tableName } from '#warehouse';
import type { Warehouse } from '#warehouse';

const WORKSPACE = 'default' as Workspace;
const SIZES = [2_357, 1_000_000];
const DAYS = 730;
const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2023, 0, 1);
const ROWS = 10_000;
const PROBE_EVERY_MS = 100;

const REQUEST: FitRequest = {
  model: 'bg_nbd',
  basis: null,
  timeUnit: 'week',
  start: null,
  cutoff: null,
  currency: null,
  horizonDays: 365,
  churnHorizonDays: 90,
  margin: 1,
  discountRate: 0.1,
};

/** Fits through the views, in their thread: time by step, and what inserts and the event loop notice meanwhile. */
export async function benchFits(): Promise<void> {
  for (const customers of SIZES) {
    const path = mkdtempSync(join(tmpdir(), 'temas-bench-'));
    const warehouse = await startEmbeddedWarehouse({ path });
    await migrate(warehouse, 1);
    await createViews(warehouse, WORKSPACE, 1);
    const orders = await fill(warehouse, customers);
    const thread = new FitThread(warehouse);
    thread.warm();
    // The thread has started by then, as it has in a Temas; the first fit compiles, as it does there.
    const alone = await probed(warehouse, () => pause(5_000));
    for (const model of ['bg_nbd', 'mbg_nbd', 'pareto_nbd'] as const) {
      const steps: string[] = [];
      let [step, since] = ['starting', performance.now()];
      const enter = (next: string): void => {
        if (next === step) return;
        steps.push(`${step} ${((performance.now() - since) / 1000).toFixed(2)}`);
        [step, since] = [next, performance.now()];
      };
      const job = { workspace: WORKSPACE, runId: randomUUID() as EventId, request: { ...REQUEST, model } };
      const started = performance.now();
      const before = process.cpuUsage();
      const during = await probed(warehouse, async () => {
        const { outcome } = await thread.fit(job, (progress) => enter(progress.step));
        if (outcome !== 'fitted') throw new Error(`${model}: ${outcome}`);
      });
      const total = (performance.now() - started) / 1000;
      enter('end');
      const used = process.cpuUsage(before);
      const cpu = ((used.user + used.system) / 1e6).toFixed(2);
      process.stdout.write(
        [
          `fit and scores of ${customers.toLocaleString('en')} customers, ${orders.toLocaleString('en')} orders, ${model}: ${total.toFixed(2)} s (goal ${customers > 10_000 ? 60 : 1} s)`,
          `  seconds: ${steps.join(', ')}; processor ${cpu} without the engine`,
          `  insert of 1,000 rows, p50/p99: ${during.insert} ms, alone ${alone.insert} ms; event loop p99 ${during.loop} ms`,
          '',
        ].join('\n'),
      );
    }
    await thread.close();
    await warehouse.close();
    rmSync(path, { recursive: true });
  }
}

/** Runs something beside small inserts; answers what these and the event loop took. */
async function probed(
  warehouse: Warehouse,
  work: () => Promise<unknown>,
): Promise<{ insert: string; loop: string }> {
  const table = `temas_store.probe_${randomUUID().replaceAll('-', '')}`;
  await warehouse.command(
    `CREATE TABLE ${table} (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1`,
  );
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const times: number[] = [];
  let going = true;
  const working = work().finally(() => (going = false));
  const rows = Buffer.from('[1]\n'.repeat(1_000));
  while (going) {
    const from = performance.now();
    await warehouse.insert(table, rows, ['n'], randomUUID());
    times.push(performance.now() - from);
    await pause(PROBE_EVERY_MS);
  }
  await working;
  loop.disable();
  await warehouse.command(`DROP TABLE ${table} SYNC`);
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] as number).toFixed(0);
  return { insert: `${at(0.5)}/${at(0.99)}`, loop: (loop.percentile(99) / 1e6).toFixed(1) };
}

/** Orders of simulated customers: exponential gaps of their own, and an end. The same each time. */
async function fill(warehouse: Warehouse, customers: number): Promise<number> {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  let lines: string[] = [];
  let orders = 0;
  const flush = async (): Promise<void> => {
    const block = Buffer.from(lines.join(''), 'utf8');
    lines = [];
    await warehouse.insert(tableName(ORDERS, 1), block, columnNames(ORDERS), `fill-${orders}`);
  };
  for (let n = 1; n <= customers; n += 1) {
    const profileId = uuidV5(TEMAS_NAMESPACE, `bench-${n}`);
    // Gamma(2)-distributed rate; leaves after each purchase with a chance of its own.
    const rate = (-Math.log(random()) - Math.log(random())) / 60;
    const leaves = random() ** 2;
    const worth = 10 + 90 * random() ** 2;
    for (let day = random() * DAYS; day < DAYS; day -= Math.log(random()) / rate) {
      orders += 1;
      const at = clickHouseTime(BEGIN + day * DAY_MS);
      const gross = (worth * (0.5 + random())).toFixed(2);
      const row = [
        'default',
        `o-${orders}`,
        `${n}`,
        profileId,
        at,
        'completed',
        'USD',
        gross,
        '0',
        gross,
        [],
        '1',
      ];
      lines.push(`${JSON.stringify(row)}\n`);
      if (lines.length === ROWS) await flush();
      if (random() < leaves) break;
    }
  }
  await flush();
  await warehouse.command(`OPTIMIZE TABLE ${tableName(ORDERS, 1)} FINAL`);
  return orders;
}

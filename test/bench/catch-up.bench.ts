import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProjectionRuntime } from '#apps/projector';
import { openLmdbEventLog } from '#event-log';
import type { EventLog, RecordedEvent } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import { NIL_PROFILE, ORIGIN } from '#kernel';
import type { Position, Workspace } from '#kernel';
import { openTouchpoints } from '#projection';
import type { Monitor } from '#projection';
import { openRocksStateStores } from '#state-store';
import { SQUASH_AFTER, startEmbeddedWarehouse, tableRowsOf, warehouseSink } from '#warehouse';
import type { Warehouse } from '#warehouse';
import { SILENT } from '../support/silent-monitor.ts';
import { batchBodies } from './bodies.ts';
import { load, serve } from './load.ts';
import { compare } from './report.ts';

const EVENTS = 100_000;
const PEOPLE = 20_000;
const RUNS = 3;
const ROWS_PER_INSERT = 10_000;
const WAIT_MS = 600_000;

const NOTHING_ELSE = {
  commands: [],
  profiles: [],
  identifiers: [],
  orders: [],
  sessions: [],
  sessionMoves: [],
  accounts: [],
  memberships: [],
  consents: [],
  corrections: [],
  arrivals: [],
  erased: [],
};

const MONITOR: Monitor = {
  ...SILENT,
  retrying: (step, error) => process.stderr.write(`${step}: ${String(error)}\n`),
};

/** log → identity → profile → ClickHouse, beside a bare loop that scans, opens, parses and inserts the same rows. */
export async function benchCatchUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'temas-bench-'));
  const collector = await serve('collector-program', folder);
  await load(`${collector.url}/v1/batch`, batchBodies(EVENTS / 100, 100, PEOPLE), 16);
  await collector.close();
  const log = await openLmdbEventLog({ path: join(folder, 'log') });
  const keys = await openEmbeddedKeyStore({ path: join(folder, 'keys'), masterKey: Buffer.alloc(32, 7) });
  const pairs: { ours: number; limit: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const at = join(folder, `run-${run}`);
    pairs.push({
      limit: await bareLoop(log, keys, join(at, 'bare')),
      ours: await pipeline(log, keys, join(at, 'temas')),
    });
  }
  compare(
    'catch-up, log → identity → profile → ClickHouse',
    'bare loop',
    pairs,
    'floor 12k/s and 0.2, aim 40k/s and 0.4',
  );
  await keys.close();
  await log.close();
  rmSync(folder, { recursive: true });
}

async function pipeline(log: EventLog, keys: KeyStore, path: string): Promise<number> {
  const warehouse = await startEmbeddedWarehouse({ path: join(path, 'clickhouse') });
  const runtime = await openRuntime(log, keys, warehouse, path);
  const head = await log.head();
  const started = process.hrtime.bigint();
  runtime.start();
  if (!(await runtime.current.warehouse.reached(head, WAIT_MS))) throw new Error('did not catch up');
  const rate = perSecond(started);
  await runtime.stop();
  await warehouse.close();
  return rate;
}

async function bareLoop(log: EventLog, keys: KeyStore, path: string): Promise<number> {
  const warehouse = await startEmbeddedWarehouse({ path: join(path, 'clickhouse') });
  const runtime = await openRuntime(log, keys, warehouse, path);
  const sink = warehouseSink(warehouse, 1, SQUASH_AFTER);
  const abort = new AbortController();
  const started = process.hrtime.bigint();
  let events: RecordedEvent[] = [];
  let last: Position = ORIGIN;
  const flush = async (): Promise<void> => {
    const opened = await openTouchpoints(keys, events, { at: () => ({ vendor: 'generic' }) });
    const facts = opened.map((touchpoint) => {
      const recordedAt = touchpoint.envelope.receivedAt;
      return { touchpoint, profileId: NIL_PROFILE, recordedAt, moved: [], decisions: [], aliases: [] };
    });
    const tables = tableRowsOf({ facts, ...NOTHING_ELSE });
    for (const rows of tables) await sink.insert(rows, `bare-${last}`);
    events = [];
  };
  for await (const delivery of log.subscribe({
    from: ORIGIN,
    prefixes: ['touchpoint-'],
    signal: abort.signal,
  })) {
    if (delivery.kind === 'caughtUp') break;
    if (delivery.kind !== 'event') continue;
    events.push(delivery.event);
    last = delivery.event.position;
    if (events.length === ROWS_PER_INSERT) await flush();
  }
  if (events.length > 0) await flush();
  abort.abort();
  const rate = perSecond(started);
  await runtime.stop();
  await warehouse.close();
  return rate;
}

function openRuntime(
  log: EventLog,
  keys: KeyStore,
  warehouse: Warehouse,
  path: string,
): Promise<ProjectionRuntime> {
  const workspaces = ['default' as Workspace];
  return ProjectionRuntime.open({
    states: openRocksStateStores({ path: join(path, 'state') }),
    log,
    keys,
    warehouse,
    workspaces,
    monitor: MONITOR,
    squashAfter: SQUASH_AFTER,
    now: () => Date.now(),
  });
}

function perSecond(started: bigint): number {
  return EVENTS / (Number(process.hrtime.bigint() - started) / 1e9);
}

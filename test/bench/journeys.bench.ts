import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attributionResult,
  attributionSql,
  countedPath,
  DEFAULT_CHANNEL_RULES,
  funnelSql,
  MODELS,
  pathsSql,
  retentionSql,
} from '#journey';
import type { AttributionRow, Statement } from '#journey';
import {
  createViews,
  EVENTS,
  IDENTITY_OVERRIDES,
  migrate,
  OVERRIDES,
  reloadDictionary,
  startEmbeddedWarehouse,
  tableName,
} from '#warehouse';
import type { EmbeddedWarehouse, Warehouse } from '#warehouse';
import { median } from './report.ts';

const ROWS = 10_000_000;
const ROWS_PER_INSERT = 1_000_000;
const PEOPLE = 400_000;
const MOVED = 20_000;
const RUNS = 3;
const GENERATION = 1;
const DAY_MS = 86_400_000;
const STORED = tableName(EVENTS, GENERATION);
const SCOPE = { database: 'temas', includeBots: false };
const ANY = { events: [], where: [] };
const named = (event: string): { events: string[]; where: [] } => ({ events: [event], where: [] });

interface Question {
  readonly name: string;
  readonly statement: Statement;
  readonly goalMs: number;
  /** What is done with the rows after they came, if that takes time. */
  readonly after?: (rows: readonly unknown[]) => void;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'funnel, 4 steps, a week',
    goalMs: 2_000,
    statement: funnelSql({
      scope: SCOPE,
      unit: 'person',
      steps: ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'].map(named),
      order: 'ordered',
      windowMs: 7 * DAY_MS,
      exclusions: [],
      groups: 25,
    }),
  },
  {
    name: 'retention, days, first time',
    goalMs: 2_000,
    statement: retentionSql({
      scope: SCOPE,
      unit: 'person',
      start: ANY,
      back: ANY,
      period: 'day',
      periods: 30,
      cohorts: 'first_time',
      returns: 'bounded',
      clock: 'calendar',
      timeZone: 'Europe/Berlin',
      groups: 25,
      observedUntil: Date.UTC(2026, 6, 1),
    }),
  },
  {
    name: 'paths of visits, 5 steps',
    goalMs: 5_000,
    statement: pathsSql({ scope: SCOPE, unit: 'session', among: ANY, steps: 5, collapse: true, top: 10 }),
  },
  {
    name: 'attribution, 8 models',
    goalMs: 10_000,
    statement: attributionSql({
      scope: SCOPE,
      conversion: { of: 'events', selector: named('Order Completed'), valueField: 'properties.price' },
      touches: { of: 'visits', by: 'channel' },
      rules: DEFAULT_CHANNEL_RULES,
      lookbackMs: 30 * DAY_MS,
      restart: false,
      halfLifeMs: 7 * DAY_MS,
    }),
    after: (rows) => {
      const choice = { models: MODELS, markovOrder: 1, halfLifeDays: 7, direct: [] };
      attributionResult((rows as AttributionRow[]).map(countedPath), choice);
    },
  },
];

/** What the questions of the journeys take, and what stitching adds. Rows are made by the engine; nobody sent them. */
export async function benchJourneys(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'temas-bench-'));
  const warehouse = await startEmbeddedWarehouse({ path: join(folder, 'clickhouse') });
  try {
    await migrate(warehouse, GENERATION);
    await createViews(warehouse, 'default', GENERATION);
    await fill(warehouse);
    process.stdout.write(
      `journeys over ${ROWS.toLocaleString('en')} events of ${PEOPLE.toLocaleString('en')} people, ` +
        `${MOVED.toLocaleString('en')} open overrides, 2 threads (stitched at most 1.5 × unstitched)\n`,
    );
    for (const question of QUESTIONS) await measure(warehouse, question);
    process.stdout.write('\n');
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  warehouse: EmbeddedWarehouse,
  { name, statement, goalMs, after }: Question,
): Promise<void> {
  const unstitched = statement.sql.replaceAll(
    'temas.events',
    `(SELECT * FROM ${STORED} WHERE workspace = 'default')`,
  );
  const stitched: number[] = [];
  const plain: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const without = await timed(warehouse, { ...statement, sql: unstitched }, after);
    const before = await engineCpuMs(warehouse);
    const withIt = await timed(warehouse, statement, after);
    const spent = (await engineCpuMs(warehouse)) - before;
    // The first run reads cold files.
    if (run === 0) continue;
    plain.push(without);
    stitched.push(withIt);
    cpu.push(spent);
  }
  const best = Math.min(...stitched);
  process.stdout.write(
    `  ${name.padEnd(28)} best ${Math.round(best)} ms, median ${Math.round(median(stitched))} ms (goal ${goalMs} ms), CPU ${Math.round(Math.min(...cpu))} ms  ` +
      `ratio ${(median(stitched) / median(plain)).toFixed(2)} (of the best runs ${(best / Math.min(...plain)).toFixed(2)})\n`,
  );
}

/** CPU of all threads of the engine's process since it started: on a busy machine this tells more than the clock. */
async function engineCpuMs(warehouse: EmbeddedWarehouse): Promise<number> {
  const fields = readFileSync(`/proc/${await warehouse.pid()}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticksPerSecond = 100;
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

async function timed(
  warehouse: Warehouse,
  { sql, params }: Statement,
  after?: Question['after'],
): Promise<number> {
  const started = process.hrtime.bigint();
  const rows = await warehouse.query(`${sql} SETTINGS max_threads = 2`, params);
  after?.(rows);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Visits of five events over half a year; few people with many; a third of the visits says where it came from. */
async function fill(warehouse: Warehouse): Promise<void> {
  for (let from = 0; from < ROWS; from += ROWS_PER_INSERT) {
    await warehouse.command(
      `INSERT INTO ${STORED} (workspace, event_id, position, source, kind, event, occurred_at, recorded_at, received_at,
         anchor_id, profile_id, session_id, campaign, utm_source, utm_medium, url, path, referrer, properties, context, traits)
       WITH number + ${from} AS n, intDiv(n, 5) AS visit, intHash64(visit) AS h, intHash64(n + 1) AS e,
         toUInt64(pow((h % 1000003) / 1000003, 2) * ${PEOPLE}) AS who, intHash64(who + 77) AS anchor,
         toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(visit * 7500 + (n % 5) * 40000 + e % 30000) AS at,
         h % 9 AS origin
       SELECT 'default', ${uuid('n', 'h')}, n * 4096, 'web', if(n % 5 = 0, 'page', 'track'),
         if(n % 5 = 0, '', arrayElement(['Product Viewed', 'Product Viewed', 'Product Added', 'Search', 'Checkout Started',
           'Order Completed', 'Filter Applied', 'Video Started', 'Help Opened', 'Login'], toUInt8(1 + e % 10))),
         at, at, at, anchor, ${uuid('anchor', 'anchor + 1')}, ${uuid('visit', 'visit + 2')},
         if(n % 5 = 0 AND origin = 0, 'spring', ''), if(n % 5 = 0, arrayElement(['newsletter', 'google', ''], 1 + least(origin, 2)), ''),
         if(n % 5 = 0, arrayElement(['email', 'cpc', ''], 1 + least(origin, 2)), ''),
         concat('https://shop.example/p/', toString(e % 5000)), concat('/p/', toString(e % 50)),
         if(n % 5 = 0 AND origin = 3, 'https://www.google.com/', ''),
         concat('{"product_id":"', toString(e % 5000), '","price":', toString(e % 300), '.5}'),
         '{"locale":"tr-TR","library":{"name":"temas","version":"1"}}', '{}'
       FROM numbers(${ROWS_PER_INSERT})`,
    );
  }
  const step = PEOPLE / MOVED;
  await warehouse.command(
    `INSERT INTO ${tableName(IDENTITY_OVERRIDES, GENERATION)}
     WITH intHash64(number * ${step} + 77) AS anchor, intHash64(number * ${step} + 78) AS other
     SELECT 'default', anchor, ${uuid('other', 'other + 1')}, number + ${ROWS} * 4096 FROM numbers(${MOVED})`,
  );
  for (const override of OVERRIDES) await reloadDictionary(warehouse, override, GENERATION);
}

function uuid(high: string, low: string): string {
  const half = (number: string): string => `reinterpretAsString(intHash64(${number}))`;
  return `reinterpretAsUUID(concat(${half(high)}, ${half(low)}))`;
}

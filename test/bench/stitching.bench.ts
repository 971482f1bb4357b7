import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from '#kernel';
import {
  createViews,
  EVENTS,
  IDENTITY_OVERRIDES,
  migrate,
  OVERRIDES,
  reloadDictionary,
  SESSION_OVERRIDES,
  startEmbeddedWarehouse,
  tableName,
  warehouseSink,
} from '#warehouse';
import type { Warehouse } from '#warehouse';
import { median } from './report.ts';

const ROWS = 10_000_000;
const ROWS_PER_INSERT = 1_000_000;
const ANCHORS = 1_000_000;
const MOVED_ANCHORS = 20_000;
const JOINED_SESSIONS = 2_000;
const RUNS = 7;
const GENERATION = 1;

const STORED = tableName(EVENTS, GENERATION);
const STITCHED = 'temas.events';
const PLAIN = `(SELECT * FROM ${STORED} WHERE workspace = 'default')`;
const WEEK_MS = 604_800_000;

/** What analysts ask, of the view or of the table as it was written. */
const QUESTIONS: Readonly<Record<string, (source: string) => string>> = {
  'three-step funnel': (source) =>
    `SELECT level, count() FROM (
       SELECT profile_id, windowFunnel(${WEEK_MS})(toUInt64(toUnixTimestamp64Milli(occurred_at)),
         event = 'Product Viewed', event = 'Product Added', event = 'Order Completed') AS level
       FROM ${source} WHERE kind = 'track' AND notEmpty(profile_id) GROUP BY profile_id
     ) GROUP BY level`,
  'retention by week': (source) =>
    `WITH people AS (SELECT profile_id, groupUniqArray(toStartOfWeek(occurred_at)) AS weeks
       FROM ${source} WHERE kind IN ('page', 'track') GROUP BY profile_id)
     SELECT arrayMin(weeks) AS cohort, dateDiff('week', cohort, arrayJoin(weeks)) AS week, count()
     FROM people GROUP BY cohort, week`,
  'paths of visits': (source) =>
    `SELECT path, count() FROM (
       SELECT arrayStringConcat(arraySlice(arrayMap(x -> x.2, arraySort(groupArray((occurred_at, event)))), 1, 3), '>') AS path
       FROM ${source} WHERE kind = 'track' GROUP BY session_id
     ) GROUP BY path ORDER BY count() DESC LIMIT 20`,
  'events by person': (source) =>
    `SELECT profile_id, count() AS events, max(occurred_at) FROM ${source}
     GROUP BY profile_id ORDER BY events DESC LIMIT 20`,
  'people by day': (source) =>
    `SELECT toDate(occurred_at) AS day, uniqExact(profile_id) FROM ${source} GROUP BY day`,
  'events by path': (source) => `SELECT path, count() FROM ${source} GROUP BY path`,
};

/**
 * What stitching costs readers: the resolved view beside the same table unresolved, with as many open overrides as
 * there are before they are squashed. Rows are made by the engine itself; nobody sent them.
 */
export async function benchStitching(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'temas-bench-'));
  const warehouse = await startEmbeddedWarehouse({ path: join(folder, 'clickhouse') });
  try {
    await migrate(warehouse, GENERATION);
    await createViews(warehouse, 'default', GENERATION);
    await fill(warehouse);
    process.stdout.write(
      `stitched view beside the unstitched table, ${ROWS.toLocaleString('en')} rows, ` +
        `${MOVED_ANCHORS.toLocaleString('en')} open overrides (floor 1.5 ×, aim 1.2 ×)\n`,
    );
    for (const [name, question] of Object.entries(QUESTIONS)) await compareOne(warehouse, name, question);
    await squashAll(warehouse);
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true });
  }
}

async function compareOne(
  warehouse: Warehouse,
  name: string,
  question: (source: string) => string,
): Promise<void> {
  const stitched: number[] = [];
  const plain: number[] = [];
  await timed(warehouse, question(PLAIN));
  for (let run = 0; run < RUNS; run++) {
    plain.push(await timed(warehouse, question(PLAIN)));
    stitched.push(await timed(warehouse, question(STITCHED)));
  }
  const ratio = median(stitched) / median(plain);
  const best = Math.min(...stitched) / Math.min(...plain);
  process.stdout.write(
    `  ${name.padEnd(18)} ratio ${ratio.toFixed(2)} (of the best runs ${best.toFixed(2)})  ` +
      `median ${Math.round(median(stitched))} ms beside ${Math.round(median(plain))} ms\n`,
  );
}

/** Folds the overrides into the rows, as the projector does in the background; no answer may change by it. */
async function squashAll(warehouse: Warehouse): Promise<void> {
  const people = `SELECT sum(cityHash64(event_id, profile_id, session_id)) AS hash FROM ${STITCHED}`;
  const before = await warehouse.query(people);
  const settled = BigInt(2 * ROWS * 4096) as Position;
  const started = process.hrtime.bigint();
  const sink = warehouseSink(warehouse, GENERATION, 1);
  const { overrides } = await sink.squash(settled, new AbortController().signal, () => undefined);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (JSON.stringify(await warehouse.query(people)) !== JSON.stringify(before))
    throw new Error('answers changed');
  process.stdout.write(`  squash of ${overrides.toLocaleString('en')} overrides ${seconds.toFixed(1)} s\n\n`);
}

/** Milliseconds until the engine has the whole answer; under the threads of a reader's statement. */
async function timed(warehouse: Warehouse, sql: string): Promise<number> {
  const started = process.hrtime.bigint();
  await warehouse.query(`${sql} SETTINGS max_threads = 2`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Ten events a person on average, few people with many; half a year; one in 50 identifiers moved later. */
async function fill(warehouse: Warehouse): Promise<void> {
  for (let from = 0; from < ROWS; from += ROWS_PER_INSERT) {
    await warehouse.command(
      `INSERT INTO ${STORED} (workspace, event_id, message_id, position, source, kind, event, occurred_at,
         recorded_at, received_at, anonymous_id, user_id, anchor_id, profile_id, session_id, path, url, properties, context)
       WITH number + ${from} AS n, intHash64(n) AS h,
         toUInt64(pow((h % 1000003) / 1000003, 2) * ${ANCHORS}) AS who, intHash64(who + 77) AS anchor,
         toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(n * 1500) AS at
       SELECT 'default', ${uuid('n', 'h')}, concat('m-', toString(n)), n * 4096, 'web',
         ['page', 'page', 'track', 'track', 'track', 'identify'][1 + h % 6],
         ['Product Viewed', 'Product Added', 'Order Completed', 'Search', 'Login'][1 + intHash64(h) % 5],
         at, at, at, concat('device-', toString(who)), if(who % 3 = 0, concat('u-', toString(who)), ''),
         anchor, ${uuid('anchor', 'anchor + 1')}, ${uuid(`anchor + intDiv(n, ${ANCHORS})`, 'anchor + 2')},
         concat('/p/', toString(h % 5000)), concat('https://shop.example/p/', toString(h % 5000)),
         concat('{"product_id":"', toString(h % 5000), '","price":', toString(h % 300), '.5}'),
         concat('{"ip":"10.0.0.', toString(h % 255), '","locale":"tr-TR"}')
       FROM numbers(${ROWS_PER_INSERT})`,
    );
  }
  const step = ANCHORS / MOVED_ANCHORS;
  await warehouse.command(
    `INSERT INTO ${tableName(IDENTITY_OVERRIDES, GENERATION)}
     WITH intHash64(number * ${step} + 77) AS anchor, intHash64(number * ${step} + 78) AS other
     SELECT 'default', anchor, ${uuid('other', 'other + 1')}, number + ${ROWS} * 4096 FROM numbers(${MOVED_ANCHORS})`,
  );
  await warehouse.command(
    `INSERT INTO ${tableName(SESSION_OVERRIDES, GENERATION)}
     SELECT 'default', session_id, any(event_id), max(position) FROM ${STORED}
     WHERE position % 1024000 = 0 GROUP BY session_id LIMIT ${JOINED_SESSIONS}`,
  );
  for (const override of OVERRIDES) await reloadDictionary(warehouse, override, GENERATION);
}

function uuid(high: string, low: string): string {
  const half = (number: string): string => `reinterpretAsString(intHash64(${number}))`;
  return `reinterpretAsUUID(concat(${half(high)}, ${half(low)}))`;
}

import { databaseOf, type Warehouse } from '#warehouse';
import { attemptSql } from '../funnel/attempt-sql.ts';
import { INDEX_BITS, MAX_HISTORY } from '../funnel/history-sql.ts';
import { ACTIONS } from '../selector/selector.ts';
import { MILLISECONDS } from '../stream/stream-sql.ts';

/** A question that analysts ask by name in SQL, with arguments in brackets. */
export interface ReadyView {
  readonly name: string;
  /** What its rows are and what its arguments mean. */
  readonly comment: string;
  readonly select: (database: string) => string;
}

/** Steps of `funnel_of` at most: each is a layer of the statement, whether it is asked for or not. */
export const MAX_READY_STEPS = 8;

const ACTS = `kind IN (${ACTIONS.map((kind) => `'${kind}'`).join(', ')}) AND is_bot = 0`;

/** The most asked questions. Their definitions are those of the analytics API. */
export const READY_VIEWS: readonly ReadyView[] = [
  {
    name: 'funnel_of',
    comment: `Funnel of people in order: funnel_of(steps = ['a', 'b'], window_s = 3600). Up to ${MAX_READY_STEPS} names of events; window_s = 0 is no window.`,
    select: funnelOf,
  },
  {
    name: 'retention_of',
    comment:
      "First-time retention in rolling windows: retention_of(start_event = '', return_event = '', days = 7). An empty name is any event; days is the length of a period.",
    select: retentionOf,
  },
  {
    name: 'path_links',
    comment:
      "Links of a Sankey diagram of visits: path_links(start_event = '', steps = 5). An empty name begins with the visit.",
    select: pathLinks,
  },
];

/** Makes the ready views of a workspace anew; they read its other views by name, whatever generation these show. */
export async function createReadyViews(warehouse: Warehouse, workspace: string): Promise<void> {
  const database = databaseOf(workspace);
  for (const { name, comment, select } of READY_VIEWS) {
    await warehouse.command(
      `CREATE OR REPLACE VIEW ${database}.${name} AS ${select(database)} COMMENT '${comment.replaceAll("'", "''")}'`,
    );
  }
}

function funnelOf(database: string): string {
  const steps = '{steps:Array(String)}';
  const numbers = Array.from({ length: MAX_READY_STEPS }, (_, i) => i);
  const mask = `toUInt32(${numbers.map((i) => `${2 ** i} * (event = ${steps}[${i + 1}] AND length(${steps}) > ${i})`).join(' + ')})`;
  const any = { events: [], where: [] };
  const definition = {
    scope: { database, includeBots: false },
    unit: 'person' as const,
    steps: numbers.map(() => any),
    order: 'ordered' as const,
    exclusions: [],
    groups: 1,
  };
  const window = 'toUInt64(if({window_s:Float64} > 0, {window_s:Float64} * 1000, 2199023255552))';
  const histories = [
    'SELECT rows.1 AS t, rows.3 AS m, arrayMap(x -> 0, t) AS v, t[1] AS t0,',
    `arrayMap((x, i) -> bitOr(bitShiftLeft(toUInt64(x - t0), ${INDEX_BITS}), i), t, arrayEnumerate(t)) AS id FROM (`,
    `SELECT arraySort(groupArray((${MILLISECONDS}, position, ${mask}))) AS rows FROM ${database}.events`,
    `WHERE ${ACTS} AND notEmpty(profile_id) AND has(${steps}, toString(event)) GROUP BY profile_id`,
    `HAVING countIf(event = ${steps}[1]) > 0 AND throwIf(count() > ${MAX_HISTORY}, 'one history has too many events') = 0)`,
  ].join(' ');
  const attempts = attemptSql(definition, window).layers.reduce(
    (inner, columns) =>
      `SELECT *, ${columns.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM (${inner})`,
    histories,
  );
  return [
    `SELECT toUInt8(step) AS step, ${steps}[step] AS event, countIf(depth >= step) AS people,`,
    'round(people / count(), 4) AS share,',
    'quantileExactInclusiveIf(0.5)((at[step] - at[1]) / 1000, depth >= step) AS median_s_from_first FROM (',
    `SELECT depth, at, arrayJoin(range(1, length(${steps}) + 1)) AS step FROM (${attempts}) WHERE depth > 0)`,
    'GROUP BY step ORDER BY step',
  ].join(' ');
}

function retentionOf(database: string): string {
  const length = '({days:UInt16} * 86400000)';
  const named = (name: string): string => `({${name}:String} = '' OR event = {${name}:String})`;
  return [
    "SELECT toDate(fromUnixTimestamp64Milli(start, 'UTC')) AS cohort, period, count() AS people FROM (",
    `SELECT start, arrayJoin(arrayDistinct(arrayPushFront(arrayFilter(k -> k > 0, arrayMap(x -> toInt32(intDiv(x - start, ${length})), backs)), toInt32(0)))) AS period`,
    `FROM (SELECT minIf(${MILLISECONDS}, ${named('start_event')}) AS start, groupUniqArrayIf(${MILLISECONDS}, ${named('return_event')}) AS backs,`,
    `countIf(${named('start_event')}) AS starts FROM ${database}.events WHERE ${ACTS} AND notEmpty(profile_id)`,
    'GROUP BY profile_id HAVING starts > 0)) GROUP BY cohort, period ORDER BY cohort, period',
  ].join(' ');
}

function pathLinks(database: string): string {
  const name = "multiIf(event != '', toString(event), path != '', path, toString(kind))";
  return [
    'SELECT toUInt16(link.1) AS step, link.2 AS source, link.3 AS target, count() AS visits FROM (',
    "SELECT arrayJoin(arrayFilter(x -> x.1 < {steps:UInt16} OR (x.1 = {steps:UInt16} AND x.3 = '(exit)'),",
    "arrayZip(range(length(way)), arrayPushFront(arrayPopBack(way), '(start)'), way))) AS link FROM (",
    "SELECT arrayPushBack(if({start_event:String} = '', names, arraySlice(names, indexOf(names, {start_event:String}))), '(exit)') AS way FROM (",
    `SELECT arraySort(groupArray((${MILLISECONDS}, position, ${name}))).3 AS names FROM ${database}.events`,
    `WHERE ${ACTS} AND notEmpty(session_id) GROUP BY session_id)`,
    "WHERE {start_event:String} = '' OR has(names, {start_event:String})))",
    'GROUP BY link ORDER BY step, visits DESC, source, target',
  ].join(' ');
}

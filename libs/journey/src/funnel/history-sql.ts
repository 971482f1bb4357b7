import type { Bindings } from '../query/statement.ts';
import { kindsOf } from '../selector/selector.ts';
import { selectorSql } from '../selector/selector-sql.ts';
import { groupSql, tellsTraitSql } from '../stream/grouping.ts';
import { MILLISECONDS, streamSql } from '../stream/stream-sql.ts';
import type { FunnelDefinition } from './funnel.ts';

/** Bits of an event's id inside its history that number it; those above are its time. */
export const INDEX_BITS = 23;

/** Events of one history at most: the number of an event has to fit its bits. */
export const MAX_HISTORY = 2 ** INDEX_BITS - 1;

/** Bit of rows that are events of the scope, and not only there for a trait that they tell. */
const IN_SCOPE = 31;

/**
 * SQL of histories with their events in order: `entity`, `profile`, and arrays of one length: `t` (ms since 1970), `m`
 * (bits of the steps that an event is, then of exclusions), `v` (what it tells of its group), `id` (time since the first
 * event and number, so that ids are ordered as the events are).
 */
export function historySql(bindings: Bindings, definition: FunnelDefinition): string {
  const { scope, unit, steps, exclusions, order, grouping } = definition;
  const roles = [...steps, ...exclusions.map(({ selector }) => selector)];
  const trait = grouping?.by === 'trait' ? tellsTraitSql(bindings, grouping.trait) : undefined;
  // A trait that was told before the scope begins is the value at the time, too.
  const { from: first, ...untilEnd } = scope;
  const kinds = kindsOf(roles);
  const stream = streamSql(
    bindings,
    trait === undefined ? scope : untilEnd,
    unit,
    trait === undefined ? kinds : [...new Set([...kinds, 'identify' as const])],
  );
  const inScope = [
    ...(trait === undefined || kinds.includes('identify') ? [] : ["kind != 'identify'"]),
    ...(trait === undefined || first === undefined
      ? []
      : [`occurred_at >= fromUnixTimestamp64Milli(${bindings.bind('Int64', first)}, 'UTC')`]),
  ];
  const bits = roles.map((role, i) => `${2 ** i} * ${selectorSql(bindings, role)}`).join(' + ');
  const mask = `toUInt32(if(${inScope.join(' AND ') || '1'}, ${2 ** IN_SCOPE} + ${bits}, 0))`;
  const marked = `bitAnd(${mask}, ${2 ** roles.length - 1}) != 0`;
  const wanted = [
    // Strict order has to see what lies between.
    ...(order === 'strict' ? [`bitTest(${mask}, ${IN_SCOPE})`] : [marked]),
    ...(trait === undefined ? [] : [trait]),
  ];
  const told = groupSql(bindings, grouping, unit);
  const start = order === 'any' ? 2 ** steps.length - 1 : 1;
  return [
    `SELECT entity, profile, rows.1 AS t, rows.3 AS m, rows.4 AS v, t[1] AS t0,`,
    `arrayMap((x, i) -> bitOr(bitShiftLeft(toUInt64(x - t0), ${INDEX_BITS}), i), t, arrayEnumerate(t)) AS id`,
    `FROM (SELECT entity, profile, ${orderedRows(trait !== undefined)} AS rows FROM (`,
    `SELECT ${stream.key} AS entity, any(profile_id) AS profile, groupArray(${MILLISECONDS}) AS ts,`,
    `groupArray(position) AS ps, groupArray(${mask}) AS ms, groupArray(${told}) AS vs`,
    `FROM ${stream.from} WHERE ${[...stream.where, `(${wanted.join(' OR ')})`].join(' AND ')}`,
    `GROUP BY entity HAVING max(bitAnd(${mask}, ${start})) > 0`,
    `AND throwIf(count() > ${MAX_HISTORY}, 'one history has more than ${MAX_HISTORY} events') = 0))`,
  ].join(' ');
}

function orderedRows(fills: boolean): string {
  const sorted = 'arraySort(arrayZip(ts, ps, ms, vs))';
  if (!fills) return sorted;
  // What was told last stands until something else is told; then rows that only told it have done their part.
  const filled = `arrayZip(${sorted}.1, ${sorted}.2, ${sorted}.3, arrayFill(x -> x != '', ${sorted}.4))`;
  return `arrayFilter(r -> bitTest(r.3, ${IN_SCOPE}), ${filled})`;
}

import { Bindings, type Statement } from '../query/statement.ts';
import { personSql, segmentedSql } from '../stream/segment-sql.ts';
import { anyOrderSql } from './any-order-sql.ts';
import { attemptSql, NO_WINDOW } from './attempt-sql.ts';
import type { FunnelDefinition } from './funnel.ts';
import { historySql } from './history-sql.ts';

/** Shares of converted histories whose times are answered, ascending. */
export const TIME_QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

/** One row per group, and one for all; see `funnelResult`. */
export function funnelSql(definition: FunnelDefinition): Statement {
  const bindings = new Bindings();
  const { steps, order, grouping, groups } = definition;
  const attempts = attemptsSql(bindings, definition);
  const counts = steps.map((_, i) => `countIf(depth >= ${i + 1})`);
  const [first, last] = order === 'any' ? [1, 2] : [1, steps.length];
  const times = [
    `${timesSql(`at[${last}] - at[${first}]`, `depth = ${steps.length}`)} AS whole`,
    ...(order === 'any' ? [] : [`[${steps.map((_, i) => stepTimes(i)).join(', ')}] AS by_step`]),
  ];
  const grouped =
    grouping === undefined
      ? ''
      : `GROUP BY GROUPING SETS ((), (told)) ORDER BY total DESC, reached[1] DESC, told LIMIT ${bindings.bind('UInt32', groups + 1)}`;
  return bindings.statement(
    [
      `SELECT ${grouping === undefined ? "'' AS told, 1 AS total" : 'told, grouping(told) AS total'},`,
      `[${counts.join(', ')}] AS reached, ${times.join(', ')}`,
      `FROM (${attempts}) ${grouped}`,
    ].join(' '),
  );
}

/** `entity`, `profile`, `depth`, `at` and `told` of each history that is in the funnel. */
export function attemptsSql(bindings: Bindings, definition: FunnelDefinition): string {
  const window = bindings.bind('UInt64', definition.windowMs ?? NO_WINDOW);
  const { layers, excluded } =
    definition.order === 'any' ? anyOrderSql(definition, window) : attemptSql(definition, window);
  const { grouping, scope, unit } = definition;
  const layered = layers.reduce(
    (inner, columns) =>
      `SELECT *, ${columns.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM (${inner})`,
    historySql(bindings, definition),
  );
  const found = `FROM (${layered}) WHERE depth > 0 AND NOT (${excluded})`;
  const columns = ['entity', 'profile', 'depth', 'at'];
  if (grouping?.by !== 'segment')
    return `SELECT ${columns.join(', ')}, if(startsWith(told, '='), told, '') AS told ${found}`;
  const person = personSql(unit, 'entity', 'told');
  return segmentedSql(scope.database, grouping.segment, {
    rows: `SELECT ${columns.join(', ')}, toInt64(at[1]) AS moment, ${person} AS person ${found}`,
    columns,
  });
}

function stepTimes(i: number): string {
  return i === 0 ? '[]' : timesSql(`at[${i + 1}] - at[${i}]`, `depth >= ${i + 1}`);
}

/** Mean and quantiles of times in ms, where a condition holds; NaN where it never does. */
function timesSql(value: string, condition: string): string {
  const quantiles = `quantilesExactInclusiveIf(${TIME_QUANTILES.join(', ')})(toFloat64(${value}), ${condition})`;
  return `arrayConcat([avgIf(toFloat64(${value}), ${condition})], ${quantiles})`;
}

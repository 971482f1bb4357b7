import { Bindings, type Statement } from '../query/statement.ts';
import { kindsOf } from '../selector/selector.ts';
import { selectorSql } from '../selector/selector-sql.ts';
import { groupSql, tellsTraitSql } from '../stream/grouping.ts';
import { periodSql, ROLLING_MS } from '../stream/period.ts';
import { personSql, segmentedSql } from '../stream/segment-sql.ts';
import { MILLISECONDS, MOMENT, positionOf, streamSql, timeOf } from '../stream/stream-sql.ts';
import type { RetentionDefinition } from './retention.ts';

/**
 * Rows `told`, `cohort` (number of the period), `k` (−1: the size of the cohort), `n`, and for rolling periods
 * `latest`, the latest start of the cohort in ms since 1970. For `unbounded`, `k` is the last period that somebody was
 * back in.
 */
export function retentionSql(definition: RetentionDefinition): Statement {
  const bindings = new Bindings();
  const { periods, clock, period, returns } = definition;
  const length = bindings.bind('Int64', ROLLING_MS[period]);
  const most = bindings.bind('Int32', periods);
  // Numbers of periods after the start, 1 and later, each once.
  const after =
    clock === 'rolling'
      ? `arrayDistinct(arrayFilter(k -> k > 0, arrayMap(x -> toInt32(intDiv(x - start, ${length})), backs)))`
      : 'arrayFilter(k -> k > 0, arrayMap(x -> toInt32(x - cohort), backs))';
  const counted =
    returns === 'bounded'
      ? `arrayFilter(k -> k <= ${most}, ks)`
      : `if(empty(ks), [], [least(arrayMax(ks), ${most})])`;
  return bindings.statement(
    [
      'SELECT told, cohort, k, count() AS n, max(start) AS latest FROM (',
      `SELECT told, cohort, start, ${after} AS ks, arrayJoin(arrayPushFront(${counted}, toInt32(-1))) AS k`,
      `FROM (${startsSql(bindings, definition)})) GROUP BY told, cohort, k ORDER BY told, cohort, k`,
    ].join(' '),
  );
}

/** `start` (ms), `cohort`, `told` and `backs` (ms, or numbers of periods) of everybody in every cohort. */
function startsSql(bindings: Bindings, definition: RetentionDefinition): string {
  const { scope, unit, start, back, period, timeZone, cohorts, clock, grouping } = definition;
  const { from, to, ...rest } = scope;
  const trait = grouping?.by === 'trait' ? tellsTraitSql(bindings, grouping.trait) : undefined;
  const kinds = kindsOf([start, back]);
  // The first start of all may lie before the scope, and so may what told a trait.
  const stream = streamSql(
    bindings,
    { ...rest, ...(to === undefined ? {} : { to }) },
    unit,
    trait === undefined ? kinds : [...new Set([...kinds, 'identify' as const])],
  );
  const starts = selectorSql(bindings, start);
  const backs = selectorSql(bindings, back);
  const number = periodSql(bindings, period, timeZone);
  const inScope = from === undefined ? '1' : `s.1 >= ${bindings.bind('Int64', from)}`;
  const when = clock === 'rolling' ? MILLISECONDS : number;
  const told = groupSql(bindings, grouping, unit);
  const toldThen = trait === undefined ? told : "''";
  const least = `minIf(${MOMENT}, ${starts})`;
  const ofLeast = (value: string): string => `argMinIf(${value}, ${MOMENT}, ${starts})`;
  const found =
    cohorts === 'first_time'
      ? `[(${timeOf(least)}, ${positionOf(least)}, ${ofLeast(number)}, ${ofLeast(toldThen)})]`
      : `groupArrayIf((${MILLISECONDS}, position, ${number}, ${toldThen}), ${starts})`;
  const told_ =
    trait === undefined
      ? ''
      : `, arraySort(groupArrayIf((${MILLISECONDS}, position, ${told}), ${trait})) AS tells`;
  const firsts =
    cohorts === 'first_time'
      ? 'found'
      : // The first of each period: sorted by time, and of those that share a period only the one in front.
        'arrayFilter((s, p) -> s.3 != p, arraySort(found), arrayPushFront(arrayPopBack(arraySort(found).3), toInt32(-1000000)))';
  const value =
    trait === undefined ? 's.4' : 'arrayLast(x -> x.1 < s.1 OR (x.1 = s.1 AND x.2 <= s.2), tells).3';
  const starting = [
    `FROM (SELECT entity, arrayJoin(arrayFilter(s -> ${inScope}, ${firsts})) AS s, backs${trait === undefined ? '' : ', tells'}`,
    `FROM (SELECT ${stream.key} AS entity, ${found} AS found, groupUniqArrayIf(${when}, ${backs}) AS backs${told_}`,
    `FROM ${stream.from} WHERE ${[...stream.where, `(${[starts, backs, ...(trait === undefined ? [] : [trait])].join(' OR ')})`].join(' AND ')}`,
    `GROUP BY entity HAVING countIf(${starts}) > 0))`,
  ].join(' ');
  if (grouping?.by !== 'segment')
    return `SELECT s.1 AS start, s.3 AS cohort, if(startsWith(${value}, '='), ${value}, '') AS told, backs ${starting}`;
  return segmentedSql(scope.database, grouping.segment, {
    rows: `SELECT s.1 AS start, s.3 AS cohort, backs, s.1 AS moment, ${personSql(unit, 'entity', value)} AS person ${starting}`,
    columns: ['start', 'cohort', 'backs'],
  });
}

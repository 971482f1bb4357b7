import { Bindings, type Statement } from '../query/statement.ts';
import { kindsOf } from '../selector/selector.ts';
import { selectorSql } from '../selector/selector-sql.ts';
import { periodSql } from '../stream/period.ts';
import { streamSql } from '../stream/stream-sql.ts';
import type { LifecycleDefinition } from './lifecycle.ts';

/** Rows `period` (its number), `stage`, `n`; also of periods before the scope, which the result leaves out. */
export function lifecycleSql(definition: LifecycleDefinition): Statement {
  const bindings = new Bindings();
  const { scope, unit, activity, period, timeZone } = definition;
  // Who is new or back is told by what was before the scope.
  const { from: _from, ...untilEnd } = scope;
  const stream = streamSql(bindings, untilEnd, unit, kindsOf([activity]));
  const where = [...stream.where, selectorSql(bindings, activity)].join(' AND ');
  const none = -1_000_000;
  return bindings.statement(
    [
      'SELECT life.1 AS period, life.2 AS stage, count() AS n FROM (SELECT arrayJoin(arrayConcat(',
      `arrayMap((p, q) -> (p, multiIf(q = ${none}, 'new', q = p - 1, 'returning', 'resurrected')), ps, arrayPushFront(arrayPopBack(ps), toInt32(${none}))),`,
      `arrayMap(p -> (toInt32(p + 1), 'dormant'), arrayFilter((p, q) -> q != p + 1, ps, arrayPushBack(arrayPopFront(ps), toInt32(${none}))))`,
      `)) AS life FROM (SELECT arraySort(groupUniqArray(${periodSql(bindings, period, timeZone)})) AS ps`,
      `FROM ${stream.from} WHERE ${where} GROUP BY ${stream.key})) GROUP BY life ORDER BY period, stage`,
    ].join(' '),
  );
}

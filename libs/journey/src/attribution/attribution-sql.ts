import { channelSql, factsSql, markSql, originLayers, saysSql } from '../channel/origin-sql.ts';
import { Bindings, type Statement } from '../query/statement.ts';
import { fieldSql } from '../selector/field.ts';
import { ACTIONS, kindsOf } from '../selector/selector.ts';
import { selectorSql } from '../selector/selector-sql.ts';
import { MILLISECONDS, MOMENT, positionOf, streamSql, timeOf } from '../stream/stream-sql.ts';
import type { AttributionDefinition, TOUCH_NAMES } from './attribution.ts';

const LAST_POSITION = 'toUInt64(18446744073709551615)';

const NAMES: Readonly<Record<(typeof TOUCH_NAMES)[number], string | undefined>> = {
  channel: undefined,
  source: 'source_',
  medium: 'medium_',
  source_medium: "concat(source_, ' / ', medium_)",
  campaign: 'campaign_',
};

/**
 * Rows of paths: `names` and `path` (places among the names, from 1, of the touches in order), `conversions`, `value`,
 * `nulls`, and for time decay what each of the names is given: `decay` of conversions, `decay_value` of their value.
 */
export function attributionSql(definition: AttributionDefinition): Statement {
  const bindings = new Bindings();
  const { lookbackMs, restart, halfLifeMs } = definition;
  const lookback = bindings.bind('Int64', lookbackMs);
  const after = restart ? 'AND (x.1, x.2) > (before.1, before.2)' : '';
  const path = `arrayFilter(x -> (x.1, x.2) <= (c.1, c.2) AND x.1 >= c.1 - ${lookback} ${after}, touches)`;
  const none = '(toInt64(-9000000000000), toUInt64(0), toFloat64(0))';
  const rest = `arrayFilter(x -> empty(found) OR (x.1, x.2) > (found[-1].1, found[-1].2), touches)`;
  // Relative to the youngest touch: weights of old paths would be 0 of 0.
  const weights = `arrayMap(x -> exp2((x.1 - touched[-1].1) / ${bindings.bind('Float64', halfLifeMs)}), touched)`;
  const given = (shares: string): string =>
    `arrayMap(n -> arraySum((x, share) -> if(x = n, share, 0), way, ${shares}), names)`;
  return bindings.statement(
    [
      `SELECT names, arrayMap(x -> toUInt32(indexOf(names, x)), way) AS path, conversions, value, nulls, ${given('shares')} AS decay,`,
      `${given('worths')} AS decay_value FROM (`,
      'SELECT way, arrayDistinct(way) AS names, sum(converted) AS conversions, sum(worth) AS value, countIf(converted = 0) AS nulls,',
      'sumForEach(arrayMap(w -> converted * w / whole, weights)) AS shares,',
      'sumForEach(arrayMap(w -> worth * w / whole, weights)) AS worths FROM (',
      `SELECT arrayMap(x -> x.3, touched) AS way, converted, worth, ${weights} AS weights, arraySum(weights) AS whole FROM (`,
      'SELECT one.1 AS touched, one.2 AS converted, one.3 AS worth FROM (SELECT arrayJoin(arrayConcat(',
      `arrayMap((c, before) -> (${path}, toUInt8(1), c.3), found, arrayPopBack(arrayPushFront(found, ${none}))),`,
      `if(empty(open), [], [(arrayFilter(x -> x.1 >= open[-1].1 - ${lookback}, open), toUInt8(0), toFloat64(0))]))) AS one`,
      `FROM (SELECT touches, found, ${rest} AS open FROM (`,
      'SELECT arraySort(groupArrayIf((at, pos, name), is_touch)) AS touches,',
      'arraySort(groupArrayIf((at, pos, worth), NOT is_touch)) AS found FROM (',
      `SELECT person, at, pos, name, toFloat64(0) AS worth, 1 AS is_touch FROM (${touchesSql(bindings, definition)})`,
      'UNION ALL',
      `SELECT person, at, pos, '' AS name, worth, 0 AS is_touch FROM (${conversionsSql(bindings, definition)})`,
      ') GROUP BY person))))) GROUP BY way) ORDER BY conversions DESC, nulls DESC, way',
    ].join(' '),
  );
}

/** `person`, `at` (ms), `pos`, `name` of every touch that can be in a path. */
function touchesSql(bindings: Bindings, definition: AttributionDefinition): string {
  const { scope, touches, lookbackMs, rules } = definition;
  const { from, ...rest } = scope;
  const earlier = from === undefined ? rest : { ...rest, from: from - lookbackMs };
  if (touches.of === 'events' && 'field' in touches) {
    const stream = streamSql(bindings, earlier, 'person', kindsOf([touches.selector]));
    const { text, exists } = fieldSql(bindings, touches.field);
    const where = [...stream.where, selectorSql(bindings, touches.selector), exists].join(' AND ');
    return `SELECT profile_id AS person, ${MILLISECONDS} AS at, position AS pos, ${text} AS name FROM ${stream.from} WHERE ${where}`;
  }
  // Thousands of touches have one mark: it is named once.
  const named = (marked: string): string => {
    const marks = `SELECT ${factsSql('mark')} AS facts, groupArray((person, at, pos)) AS touched FROM (${marked}) GROUP BY mark`;
    const layered = originLayers(bindings, 'facts').reduce(
      (inner, columns) =>
        `SELECT *, ${columns.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM (${inner})`,
      marks,
    );
    const name = NAMES[touches.by] ?? channelSql(bindings, rules);
    return `SELECT touch.1 AS person, touch.2 AS at, touch.3 AS pos, name FROM (SELECT arrayJoin(touched) AS touch, ${name} AS name FROM (${layered}))`;
  };
  if (touches.of === 'events') {
    const stream = streamSql(bindings, earlier, 'person', kindsOf([touches.selector]));
    const where = [...stream.where, selectorSql(bindings, touches.selector)].join(' AND ');
    return named(
      `SELECT profile_id AS person, ${MILLISECONDS} AS at, position AS pos, ${markSql()} AS mark FROM ${stream.from} WHERE ${where}`,
    );
  }
  const stream = streamSql(bindings, earlier, 'session', ACTIONS);
  return named(
    [
      `SELECT person, ${timeOf('first')} AS at, ${positionOf('first')} AS pos, mark FROM (SELECT any(profile_id) AS person, min(moment) AS first,`,
      "argMinIf(mark_, moment, says) AS mark, max(kind IN ('page', 'screen')) OR max(says) AS is_touch",
      `FROM (SELECT profile_id, session_id, kind, ${MOMENT} AS moment, ${markSql()} AS mark_, ${saysSql('mark_')} AS says FROM ${stream.from}`,
      `WHERE ${[...stream.where, "NOT startsWith(event, 'Email ')"].join(' AND ')}) GROUP BY session_id) WHERE is_touch`,
    ].join(' '),
  );
}

/** `person`, `at` (ms), `pos`, `worth` of every conversion. */
function conversionsSql(bindings: Bindings, { scope, conversion }: AttributionDefinition): string {
  if (conversion.of === 'events') {
    const stream = streamSql(bindings, scope, 'person', kindsOf([conversion.selector]));
    const where = [...stream.where, selectorSql(bindings, conversion.selector)].join(' AND ');
    const worth =
      conversion.valueField === undefined
        ? 'toFloat64(0)'
        : `toFloat64OrZero(${fieldSql(bindings, conversion.valueField).text})`;
    return `SELECT profile_id AS person, ${MILLISECONDS} AS at, position AS pos, ${worth} AS worth FROM ${stream.from} WHERE ${where}`;
  }
  const { database, from, to } = scope;
  const bound = (sign: string, ms: number): string =>
    `ordered_at ${sign} fromUnixTimestamp64Milli(${bindings.bind('Int64', ms)}, 'UTC')`;
  const where = [
    "status NOT IN ('cancelled', 'refunded')",
    'notEmpty(profile_id)',
    ...(conversion.currency === undefined
      ? []
      : [`currency = ${bindings.bind('String', conversion.currency)}`]),
    ...(from === undefined ? [] : [bound('>=', from)]),
    ...(to === undefined ? [] : [bound('<', to)]),
  ];
  // An order's events may come late or twice, so it has no position: it counts behind everything of its moment.
  return `SELECT profile_id AS person, toUnixTimestamp64Milli(ordered_at) AS at, ${LAST_POSITION} AS pos, toFloat64(net) AS worth FROM ${database}.orders WHERE ${where.join(' AND ')}`;
}

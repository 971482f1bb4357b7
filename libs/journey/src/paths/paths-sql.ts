import { Bindings, type Statement } from '../query/statement.ts';
import { kindsOf } from '../selector/selector.ts';
import { selectorSql } from '../selector/selector-sql.ts';
import { MILLISECONDS, streamSql } from '../stream/stream-sql.ts';
import { endsTogether, EXIT, MAX_NAMES, OTHER, type PathsDefinition, START } from './paths.ts';

/** Numbers that stand for no name in the arrays of the statement. */
const START_CODE = 65_534;
const EXIT_CODE = 65_535;

/**
 * Rows `step`, `source`, `target`, `n`: how many histories go from a node at the step (0: the start) to the next one.
 * Steps outside of the answer are all −1, or one more than there are; they count for transitions only.
 */
export function pathsSql(definition: PathsDefinition): Statement {
  const bindings = new Bindings();
  const { scope, unit, among, from, to, steps, collapse } = definition;
  const marks = [from, to].map((mark) => (mark === undefined ? '0' : selectorSql(bindings, mark)));
  const kinds = kindsOf([among, ...(from === undefined ? [] : [from]), ...(to === undefined ? [] : [to])]);
  const stream = streamSql(bindings, scope, unit, kinds);
  const where = [...stream.where, selectorSql(bindings, among)].join(' AND ');
  const name = "multiIf(event != '', toString(event), path != '', path, toString(kind))";
  const most = bindings.bind('UInt32', MAX_NAMES);
  const count = bindings.bind('Int32', steps);
  // Events are two bytes of a name and two bits of what they mark: text in the arrays would be several times slower.
  const code = `toUInt32(4 * transform(${name}, names, codes, toUInt16(0)) + 2 * ${marks[1]} + ${marks[0]})`;
  const begun =
    from === undefined ? 'events_' : 'arraySlice(events_, arrayFirstIndex(x -> bitTest(x, 0), events_))';
  const ended =
    to === undefined ? 'begun' : 'arraySlice(begun, 1, arrayFirstIndex(x -> bitTest(x, 1), begun))';
  const kept = [
    ...(from === undefined ? [] : ['arrayExists(x -> bitTest(x, 0), events_)']),
    ...(to === undefined ? [] : ['arrayExists(x -> bitTest(x, 1), begun)']),
  ];
  const way = 'arrayMap(x -> toUInt16(intDiv(x, 4)), ended)';
  const exit = to === undefined ? `[toUInt16(${EXIT_CODE})]` : '[]';
  const step = endsTogether(definition)
    ? `greatest(${count} - length(way) + i, -1)`
    : `least(i, ${count} + 1)`;
  const label = (x: string): string =>
    `multiIf(${x} = ${START_CODE}, '${START}', ${x} = ${EXIT_CODE}, '${EXIT}', ${x} = 0, '${OTHER}', names[${x}])`;
  return bindings.statement(
    [
      `WITH (SELECT groupArray(name) FROM (SELECT ${name} AS name FROM ${stream.from} WHERE ${where}`,
      `GROUP BY name ORDER BY count() DESC, name LIMIT ${most})) AS names,`,
      'arrayMap(x -> toUInt16(x), arrayEnumerate(names)) AS codes',
      `SELECT link.1 AS step, ${label('link.2')} AS source, ${label('link.3')} AS target, n FROM (`,
      'SELECT arrayJoin(arrayMap((i, a, b) ->',
      `(toInt16(${step}), a, b), arrayMap(x -> toInt32(x - 1), arrayEnumerate(way)), arrayPushFront(arrayPopBack(way), toUInt16(${START_CODE})), way)) AS link,`,
      'count() AS n FROM (SELECT arrayConcat(way_, ' + exit + ') AS way FROM (',
      `SELECT ${collapse ? `arrayCompact(${way})` : way} AS way_ FROM (SELECT ${ended} AS ended FROM (`,
      `SELECT ${begun} AS begun FROM (`,
      'SELECT arrayMap(r -> r.3, arraySort(arrayZip(ts, ps, es))) AS events_ FROM (',
      `SELECT ${stream.key} AS entity, groupArray(${MILLISECONDS}) AS ts, groupArray(position) AS ps, groupArray(${code}) AS es`,
      `FROM ${stream.from} WHERE ${where} GROUP BY entity))`,
      `${kept[0] === undefined || from === undefined ? '' : `WHERE ${kept[0]}`})`,
      `${to === undefined ? '' : `WHERE ${kept.at(-1)}`}))) GROUP BY link) ORDER BY step, n DESC, source, target`,
    ].join(' '),
  );
}

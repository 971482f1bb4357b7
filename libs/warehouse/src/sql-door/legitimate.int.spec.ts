import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDoor, type Asked, type DoorUnderTest } from './testing/door-under-test.ts';

let door: DoorUnderTest;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.close());

/** A statement and, where it matters, the tab-separated answer. */
type Case = readonly [statement: string, answer?: string];

const STATEMENTS: readonly Case[] = [
  ['SELECT 1', '1\n'],
  ['SELECT 1;', '1\n'],
  ['select count() from events -- how many\n', '5\n'],
  ['SELECT count() FROM temas.events', '5\n'],
  ['SELECT count() FROM `temas`.`events` AS e', '5\n'],
  ['FROM temas.events SELECT count()', '5\n'],
  ['WITH x AS (SELECT 1 AS a) SELECT * FROM x FORMAT TSV', '1\n'],
  ['WITH 7 AS a SELECT a', '7\n'],
  [
    'WITH (SELECT max(position) FROM events) AS newest SELECT count() FROM events WHERE position = newest',
    '1\n',
  ],
  [
    'WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x WHERE a < 5) SELECT sum(a) FROM x',
    '15\n',
  ],
  ['SELECT uniqExact(profile_id), uniq(anchor_id), uniqCombined(event) FROM events', '1\t5\t1\n'],
  ['SELECT event, count() AS n FROM events GROUP BY event HAVING n > 1 ORDER BY n DESC LIMIT 10'],
  ['SELECT event, count() FROM events GROUP BY ROLLUP(event) ORDER BY ALL'],
  ['SELECT event, count() FROM events GROUP BY event WITH TOTALS'],
  ['SELECT event, path, count() FROM events GROUP BY GROUPING SETS ((event), (path)) ORDER BY ALL'],
  [
    'SELECT path, row_number() OVER (PARTITION BY event ORDER BY position) AS n FROM events ORDER BY n LIMIT 1',
    '/p0\t1\n',
  ],
  [
    'SELECT sum(position) OVER w, lagInFrame(path) OVER w FROM events WINDOW w AS (ORDER BY position ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
  ],
  ['SELECT path FROM events QUALIFY row_number() OVER (ORDER BY position DESC) = 1', '/p4\n'],
  [
    "SELECT windowFunnel(86400)(toDateTime(occurred_at), path = '/p0', path = '/p1') FROM events GROUP BY anchor_id",
  ],
  ["SELECT sequenceMatch('(?1)(?2)')(toDateTime(occurred_at), path = '/p0', path = '/p1') FROM events"],
  ["SELECT retention(path = '/p0', path = '/p1') FROM events"],
  [
    'SELECT quantile(0.5)(anchor_id), quantiles(0.1, 0.9)(anchor_id), median(anchor_id), quantileTDigest(0.9)(anchor_id) FROM events',
  ],
  [
    'SELECT avg(anchor_id), stddevPop(anchor_id), corr(anchor_id, position), topK(3)(path), argMax(path, position) FROM events',
  ],
  [
    "SELECT groupArray(path), groupUniqArray(event), arrayStringConcat(arraySort(groupArray(path)), ',') FROM events",
  ],
  ["SELECT countIf(path LIKE '/p%'), sumIf(1, path ILIKE '/P0'), uniqIf(event, 1) FROM events", '5\t1\t1\n'],
  ['SELECT sumMap(map(event, 1)), sumForEach([anchor_id]), anyLast(path) FROM events'],
  ['SELECT finalizeAggregation(sumState(anchor_id)) FROM events', '15\n'],
  [
    'SELECT arrayMap(x -> x * 2, [1, 2]), arrayFilter((x, y) -> y, [1, 2], [0, 1]), arrayFold((a, x) -> a + x, [1, 2], toInt64(0))',
    '[2,4]\t[2]\t3\n',
  ],
  ['SELECT arrayMap(upper, [event]), arraySort(arrayMap(length, [path])) FROM events LIMIT 1'],
  [
    "SELECT tag, count() FROM events ARRAY JOIN JSONExtract(properties, 'tags', 'Array(String)') AS tag GROUP BY tag ORDER BY tag",
    'a\t5\nb\t5\n',
  ],
  ["SELECT sum(JSONExtractFloat(properties, 'price')) FROM events", '12.5\n'],
  [
    "SELECT JSON_VALUE(properties, '$.price'), simpleJSONExtractFloat(properties, 'price'), JSONExtractKeys(properties) FROM events LIMIT 1",
  ],
  ['SELECT properties::JSON.price FROM events LIMIT 1'],
  ["SELECT mapKeys(map('a', 1)), tupleElement((1, 'b'), 2), (1, 2).1"],
  ['SELECT * EXCEPT (properties, context) FROM events LIMIT 1'],
  ["SELECT COLUMNS('_at$') FROM events LIMIT 1"],
  ['SELECT * REPLACE (1 AS position) FROM profiles'],
  ['SELECT * APPLY(toString) FROM (SELECT 1 AS a)', '1\n'],
  ['SELECT path FROM events ORDER BY position LIMIT 1 BY event', '/p0\n'],
  ['SELECT path FROM events ORDER BY position LIMIT 2, 1', '/p2\n'],
  ['SELECT path FROM events ORDER BY position LIMIT 2 WITH TIES'],
  ['SELECT toDate(number) AS day, number FROM numbers(3) ORDER BY day WITH FILL STEP 1'],
  [
    "SELECT toStartOfHour(occurred_at) AS hour, count() FROM events GROUP BY hour ORDER BY hour WITH FILL FROM toDateTime(0, 'UTC') TO toDateTime(7200, 'UTC') STEP INTERVAL 1 HOUR",
  ],
  ['SELECT DISTINCT ON (event) path FROM events ORDER BY position'],
  [
    'SELECT e.path, p.email FROM events AS e LEFT JOIN profiles AS p USING (profile_id) ORDER BY e.path LIMIT 1',
  ],
  [
    'SELECT count() FROM temas.events e JOIN temas.events f ON e.anchor_id = f.anchor_id AND e.position <= f.position',
    '5\n',
  ],
  [
    'SELECT e.path, f.path FROM events e ASOF JOIN events f ON e.event = f.event AND e.position >= f.position ORDER BY ALL LIMIT 1',
    '/p0\t/p0\n',
  ],
  ['SELECT count() FROM events e SEMI LEFT JOIN identities i ON e.anchor_id = i.anchor_id', '0\n'],
  ['SELECT count() FROM events e ANTI JOIN identities i ON e.anchor_id = i.anchor_id', '5\n'],
  ['SELECT count() FROM events, identities', '0\n'],
  [
    "SELECT count() FROM events WHERE anchor_id IN (SELECT anchor_id FROM temas.events WHERE path = '/p1')",
    '1\n',
  ],
  ["SELECT count() FROM events WHERE (anchor_id, path) IN ((1, '/p0'), (2, '/p1'))", '2\n'],
  ["SELECT count() FROM events WHERE exists(SELECT 1 FROM profiles) OR path NOT IN ('x')", '5\n'],
  ['SELECT path FROM events e WHERE position = (SELECT max(position) FROM events f WHERE f.event = e.event)'],
  ['SELECT 1 UNION ALL SELECT 2 UNION DISTINCT SELECT 2'],
  ['SELECT 1 INTERSECT SELECT 1', '1\n'],
  ['SELECT number FROM numbers(3) EXCEPT SELECT 1', '0\n2\n'],
  ['(SELECT 1) UNION ALL (SELECT 2)'],
  [
    "SELECT CASE WHEN path = '/p0' THEN 'home' ELSE 'other' END AS page, if(1, 2, 3), multiIf(1, 'a', 'b') FROM events LIMIT 1",
    'home\t2\ta\n',
  ],
  ["SELECT CAST(1 AS String), 1::Float64, toInt32OrNull('x'), toDecimal64(1.1, 4)", '1\t1\t\\N\t1.1\n'],
  [
    "SELECT DATE '2026-01-01' + INTERVAL 1 DAY, dateDiff('day', toDate('2026-01-01'), toDate('2026-02-01')), EXTRACT(YEAR FROM toDate('2026-01-01'))",
    '2026-01-02\t31\t2026\n',
  ],
  [
    "SELECT toStartOfWeek(now()), toYYYYMM(today()), formatDateTime(now(), '%Y'), now64(3), toTimeZone(now(), 'Europe/Istanbul')",
  ],
  [
    "SELECT domain('http://a.b/c'), path('http://a.b/c?d'), cutQueryString('http://a.b/c?d'), extractURLParameter('?utm=1', 'utm')",
  ],
  [
    "SELECT replaceRegexpAll(path, '[0-9]+', ':id'), extractAll(path, '[0-9]'), match(path, 'p'), splitByChar('/', path) FROM events LIMIT 1",
  ],
  [
    "SELECT upperUTF8('ığ'), lengthUTF8('😀'), base64Encode('x'), hex(MD5('x')), cityHash64('x'), generateUUIDv4() != generateUUIDv4()",
  ],
  [
    "SELECT format('{} {}', 1, 2), concat('a', 'b') || 'c', substring('abc', 2), leftPad('1', 3, '0')",
    '1 2\tabc\tbc\t001\n',
  ],
  ['SELECT greatCircleDistance(0, 0, 1, 1), pointInPolygon((1, 1), [(0, 0), (2, 0), (2, 2)])'],
  [
    'SELECT simpleLinearRegression(1, 2), studentTTest(number, number % 2), mannWhitneyUTest(number, number % 2) FROM numbers(10)',
  ],
  [
    'SELECT toTypeName(position), isNull(path), coalesce(NULL, 1), ifNull(NULL, 2), nullIf(1, 1) FROM events LIMIT 1',
  ],
  [
    'SELECT version(), timezone(), currentDatabase(), currentUser(), uptime() > 0, hostname AS x FROM (SELECT 1 AS hostname)',
  ],
  ['SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1'],
  [
    'SELECT 1 AS file, 2 AS url, 3 AS hostname, 4 AS path, 5 AS source, 6 AS remote, 7 AS cluster, 8 AS input, 9 AS merge',
    '1\t2\t3\t4\t5\t6\t7\t8\t9\n',
  ],
  ['SELECT url, path, source, e.url, `path` FROM temas.events AS e LIMIT 1'],
  [
    'SELECT file, count() FROM (SELECT path AS file FROM events) GROUP BY file ORDER BY file LIMIT 1',
    '/p0\t1\n',
  ],
  ["SELECT file.path AS file FROM events AS file WHERE file.path = '/p0'", '/p0\n'],
  ['WITH file AS (SELECT 1 AS hostname) SELECT hostname FROM file', '1\n'],
  ['WITH url AS (SELECT path FROM events) SELECT count() FROM url', '5\n'],
  [
    "SELECT upper(hostname), [file], (file, hostname) FROM (SELECT 'a' AS hostname, 1 AS file)",
    "A\t[1]\t(1,'a')\n",
  ],
  ['SELECT path AS `file`, event AS "system" FROM events WHERE `file` = \'/p0\'', '/p0\tığ😀\n'],
  ['SELECT default, system FROM (SELECT 1 AS default, 2 AS system)', '1\t2\n'],
  ["SELECT 'temas_store.events_v1', 'file(''/etc/passwd'')', '; DROP TABLE x', 'INTO OUTFILE'"],
  ['SELECT 1 /* temas_store.events_v1; DROP */ -- file()\n', '1\n'],
  ["SELECT $heredoc$ it's ; -- $heredoc$", " it\\'s ; -- \n"],
  ['SELECT settings, format FROM (SELECT 1 AS settings, 2 AS format)', '1\t2\n'],
  ['SELECT number FROM numbers(3) SETTINGS max_threads = 1', '0\n1\n2\n'],
  [
    "SELECT getSetting('max_execution_time'), getSetting('join_use_nulls') SETTINGS max_execution_time = 5, join_use_nulls = 1",
    '5\ttrue\n',
  ],
  ['SELECT 1 AS a FORMAT JSONCompactEachRow SETTINGS output_format_json_quote_64bit_integers = 0', '[1]\n'],
  ['SELECT number FROM numbers_mt(2) ORDER BY number UNION ALL SELECT 1'],
  ['SELECT * FROM generate_series(1, 3)', '1\n2\n3\n'],
  ["SELECT * FROM values('a Int8, b String', (1, 'x'))", '1\tx\n'],
  ['SELECT * FROM (VALUES (1, 2), (3, 4))', '1\t2\n3\t4\n'],
  ['SELECT * FROM view(SELECT 1)', '1\n'],
  [
    `SELECT count() FROM events WHERE anchor_id IN (${Array.from({ length: 40_000 }, (_, i) => i).join(',')})`,
    '5\n',
  ],
  [
    `SELECT count() FROM events WHERE path IN (${Array.from({ length: 20_000 }, (_, i) => `'/p${i}'`).join(', ')})`,
    '5\n',
  ],
  ['SELECT sleepEachRow(0.01) FROM numbers(2) FORMAT Null', ''],
];

const CATALOGUE: readonly Case[] = [
  ["SHOW TABLES LIKE 'ev%'", 'events\n'],
  ["SHOW TABLES FROM temas LIKE 'profiles'", 'profiles\n'],
  ["SHOW FULL TABLES LIKE 'events'"],
  ['SHOW DATABASES', 'temas\n'],
  ['SHOW COLUMNS FROM events'],
  ['SHOW FULL COLUMNS FROM events FROM temas'],
  ['SHOW INDEX FROM events'],
  ['SHOW CREATE TABLE events'],
  ['SHOW CREATE VIEW temas.events'],
  ["SHOW FUNCTIONS LIKE 'windowFunnel'"],
  ["SHOW SETTINGS LIKE 'readonly'", 'readonly\tUInt64\t1\n'],
  ['EXISTS TABLE events', '1\n'],
  ['EXISTS temas.nothing', '0\n'],
  ['EXISTS VIEW temas.events', '1\n'],
  ['DESCRIBE events'],
  ['DESC TABLE temas.events'],
  ["DESCRIBE (SELECT 1 AS a, 'x' AS b)"],
  ['EXPLAIN SELECT count() FROM events'],
  ['EXPLAIN indexes = 1 SELECT count() FROM events WHERE anchor_id = 1'],
  ['EXPLAIN AST SELECT 1'],
  ['EXPLAIN SYNTAX SELECT * FROM profiles'],
  ['EXPLAIN QUERY TREE SELECT 1'],
  ['EXPLAIN PIPELINE SELECT count() FROM events'],
  ['EXPLAIN ESTIMATE SELECT count() FROM events'],
  ['SELECT DISTINCT database FROM system.tables', 'temas\n'],
  ['SELECT DISTINCT database FROM system.columns', 'temas\n'],
  ['SELECT name FROM system.databases', 'temas\n'],
  ['SELECT count() > 1000 FROM system.functions', '1\n'],
  ["SELECT name, value, readonly FROM system.settings WHERE name = 'max_threads'"],
  ['SELECT count() > 0 FROM system.formats, system.one', '1\n'],
  ['SELECT DISTINCT table_schema FROM information_schema.tables', 'temas\n'],
  ['SELECT DISTINCT table_schema FROM information_schema.columns', 'temas\n'],
  ['SELECT schema_name FROM information_schema.schemata', 'temas\n'],
  ['SELECT DISTINCT table_schema FROM INFORMATION_SCHEMA.VIEWS', 'temas\n'],
  [
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'events' ORDER BY ordinal_position",
  ],
];

describe.each([
  ['statements', STATEMENTS],
  ['the catalogue', CATALOGUE],
])('%s', (_, cases) => {
  it.each(cases.map(([sql, answer]) => [sql.slice(0, 110), sql, answer] as const))(
    '%s',
    async (_name, sql, answer) => {
      const { code, body } = await door.ask(sql);
      expect([code, body.toString()]).toEqual([0, answer ?? expect.any(String)]);
    },
  );
});

describe('formats', () => {
  const formats = [
    'TSV',
    'TabSeparatedWithNames',
    'TSVWithNamesAndTypes',
    'CSV',
    'CSVWithNames',
    'CSVWithNamesAndTypes',
    'JSON',
    'JSONCompact',
    'JSONStrings',
    'JSONColumns',
    'JSONColumnsWithMetadata',
    'JSONEachRow',
    'JSONCompactEachRow',
    'JSONCompactEachRowWithNamesAndTypes',
    'JSONObjectEachRow',
    'JSONEachRowWithProgress',
    'JSONLines',
    'Pretty',
    'PrettyCompact',
    'PrettySpace',
    'Vertical',
    'Markdown',
    'XML',
    'Values',
    'SQLInsert',
    'Parquet',
    'Arrow',
    'ArrowStream',
    'ORC',
    'Avro',
    'Native',
    'RowBinary',
    'RowBinaryWithNamesAndTypes',
    'MsgPack',
    'TSKV',
    'LineAsString',
  ];
  it.each(formats)('%s', async (format) => {
    const sql = 'SELECT toUInt32(anchor_id) AS n, path AS text FROM events';
    const inside = await door.ask(`${sql} FORMAT ${format}`);
    expect([inside.code, inside.headers['x-clickhouse-format']]).toEqual([0, format]);
    expect(inside.body.length).toBeGreaterThan(0);
    const asked: Asked = { query: { query: sql, default_format: format } };
    expect(await door.ask(asked)).toMatchObject({ code: 0, status: 200 });
    expect(await door.ask({ body: sql, headers: { 'x-clickhouse-format': format } })).toMatchObject({
      code: 0,
    });
  });

  it('begin and end as their readers expect', async () => {
    const body = async (format: string): Promise<Buffer> =>
      (await door.ask(`SELECT number, toString(number) AS s FROM numbers(100000) FORMAT ${format}`)).body;
    const parquet = await body('Parquet');
    expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
    const csv = (await body('CSVWithNames')).toString().split('\n');
    expect([csv[0], csv[100_000], csv.length]).toEqual(['"number","s"', '99999,"99999"', 100_002]);
    const json = JSON.parse((await body('JSON')).toString()) as { rows: number; data: unknown[] };
    expect([json.rows, json.data.length]).toEqual([100_000, 100_000]);
    expect((await body('Arrow')).subarray(0, 6).toString()).toBe('ARROW1');
  });
});

describe('parameters', () => {
  const values: [type: string, value: string, text?: string][] = [
    ['UInt64', '18446744073709551615'],
    ['Int8', '-1'],
    ['Float64', '1.5'],
    ['Decimal(18, 4)', '1.25'],
    ['String', "a'b\\\\c", "a'b\\c"],
    ['Bool', 'true'],
    ['Date', '2026-01-02'],
    ['DateTime', '2026-01-02 03:04:05'],
    ["DateTime64(3, 'UTC')", '2026-01-02 03:04:05.678'],
    ['UUID', '00000000-0000-0000-0000-000000000001'],
    ['Array(UInt8)', '[1,2]'],
    ['Array(String)', "['a','b']"],
    ['Tuple(UInt8, String)', "(1,'a')"],
    ['Map(String, UInt8)', "{'a':1}"],
    ['Nullable(String)', '\\N'],
    ['LowCardinality(String)', 'x'],
    ['IPv4', '127.0.0.1'],
    ["Enum8('a' = 1)", 'a'],
    ['Array(Array(Int32))', '[[1],[2]]'],
    ['FixedString(2)', 'ab'],
    ['Int256', '1'],
  ];
  it.each(values)('%s %s', async (type, value, text = value) => {
    const { code, body } = await door.ask({
      query: { query: `SELECT {p:${type}} FORMAT TSVRaw`, param_p: value },
    });
    expect([code, body.toString()]).toEqual([0, `${text}\n`]);
  });

  it('name columns and tables of their own database', async () => {
    const query = 'SELECT {c:Identifier} FROM {d:Identifier}.{t:Identifier} ORDER BY 1 LIMIT 1';
    const params = { param_c: 'path', param_d: 'temas', param_t: 'events' };
    expect((await door.ask({ query: { query, ...params } })).body.toString()).toBe('/p0\n');
    const dotted = await door.ask({
      query: { query: 'SELECT count() FROM {t:Identifier}', param_t: 'temas.events' },
    });
    expect([0, 60]).toContain(dotted.code);
    const spaced = { query: 'SELECT {c:Identifier} FROM (SELECT 1 AS `a b`)', param_c: 'a b' };
    expect((await door.ask({ query: spaced })).body.toString()).toBe('1\n');
  });
});

describe('requests', () => {
  const statement = 'SELECT count() FROM events';
  it.each<[string, Asked]>([
    ['GET', { method: 'GET', query: { query: statement } }],
    ['POST', { body: statement }],
    ['POST in two parts', { query: { query: 'SELECT count()' }, body: 'FROM events' }],
    ['its own database', { query: { database: 'temas' }, body: statement }],
    ['the default database', { query: { database: 'default' }, body: statement }],
    ['a database header', { headers: { 'x-clickhouse-database': 'temas' }, body: statement }],
    ['a session', { query: { session_id: 'x', session_timeout: '60' }, body: statement }],
    ['readonly = 1', { query: { readonly: '1' }, body: statement }],
    ['readonly = 2', { query: { readonly: '2' }, body: statement }],
    [
      'what interfaces send',
      {
        query: {
          wait_end_of_query: '1',
          send_progress_in_http_headers: '1',
          buffer_size: '1000',
          query_id: 'ğ',
          quota_key: 'x',
        },
        body: statement,
      },
    ],
    [
      'harmless settings',
      {
        query: {
          extremes: '0',
          join_use_nulls: '1',
          session_timezone: 'Asia/Tokyo',
          log_comment: 'x',
          max_threads: '1',
          output_format_json_quote_decimals: '1',
        },
        body: statement,
      },
    ],
    [
      'larger limits than ours',
      { query: { max_execution_time: '3600', max_result_rows: '1000000000' }, body: statement },
    ],
    [
      'multipart',
      {
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: `--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n${statement}\r\n--x--\r\n`,
      },
    ],
  ])('%s', async (_, asked) => {
    const { code, body } = await door.ask(asked);
    expect([code, body.toString()]).toEqual([0, '5\n']);
  });

  it('show comments of the columns', async () => {
    const { body } = await door.ask('DESCRIBE TABLE temas.events FORMAT JSONEachRow');
    const columns = body
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; comment: string });
    expect(columns.find(({ name }) => name === 'event_id')?.comment).toMatch(/Id of the touchpoint/);
  });
});

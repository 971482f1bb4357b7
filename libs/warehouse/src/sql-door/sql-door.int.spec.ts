import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { startEmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { migrate } from '../schema/migrate.ts';
import { createViews } from '../schema/views.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { guardSelect } from './guard-select.ts';
import { SqlDoor } from './handle-sql.ts';

const log = { level: ClickHouseLogLevel.OFF };
let path: string;
let warehouse: Warehouse;
let server: Server;
let url: string;
let client: ClickHouseClient;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-sql-door-'));
  warehouse = await startEmbeddedWarehouse({ path });
  await migrate(warehouse, 1);
  await createViews(warehouse, 'default', 1);
  await createViews(warehouse, 'other', 1);
  await warehouse.command(
    `INSERT INTO temas_store.events_v1 (workspace, anchor_id, event, position)
     SELECT if(number < 5, 'default', 'other'), number + 1, 'ığ😀', number + 9007199254740993 FROM numbers(8)`,
  );
  const door = new SqlDoor(warehouse);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://door');
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      void door
        .handle(
          {
            method: request.method ?? 'GET',
            path: pathname,
            query: searchParams,
            headers: request.headers,
            body: Buffer.concat(chunks),
            signal: gone.signal,
          },
          'default',
        )
        .then(({ status, headers, body }) => {
          response.writeHead(status, headers);
          if (Buffer.isBuffer(body)) response.end(body);
          else body.on('error', () => response.destroy()).pipe(response);
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient({ url, pathname: '/sql', password: 'checked elsewhere', log });
});

afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
  await warehouse.close();
  await rm(path, { recursive: true });
});

describe('the SQL door', () => {
  it('serves the ClickHouse client: ping, formats, parameters', async () => {
    expect((await client.ping()).success).toBe(true);
    expect((await client.ping({ select: true })).success).toBe(true);
    const json = await client.query({ query: 'SELECT count() AS n FROM events' });
    expect((await json.json<{ n: string }>()).data).toEqual([{ n: '5' }]);
    const rows = await client.query({
      query: 'SELECT event, position FROM temas.events WHERE anchor_id = {a:UInt64} AND event = {e:String};',
      query_params: { a: 2, e: 'ığ😀' },
      format: 'JSONEachRow',
    });
    expect(await rows.json()).toEqual([{ event: 'ığ😀', position: '9007199254740994' }]);
    const csv = await client.query({ query: 'SELECT 1 AS a, 2 AS b', format: 'CSVWithNames' });
    expect(await csv.text()).toBe('"a","b"\n1,2\n');
  });

  it('passes text with line ends, quotes and backslashes through untouched', async () => {
    const s = 'a\nb\r\nc\'d"e\\f`g\t;-- ';
    const rows = await client.query({
      query: 'SELECT {s:String} AS s',
      query_params: { s },
      format: 'JSONEachRow',
    });
    expect(await rows.json()).toEqual([{ s }]);
    const many = await client.query({
      query: 'SELECT length({s:String}) AS n',
      query_params: { s: s.repeat(10_000) },
      use_multipart_params: true,
      format: 'JSONEachRow',
    });
    expect(await many.json()).toEqual([{ n: String(s.length * 10_000) }]);
  });

  it('packs and unpacks gzip', async () => {
    const packing = createClient({
      url,
      pathname: '/sql',
      log,
      compression: { request: true, response: true },
    });
    const rows = await packing.query({ query: 'SELECT number FROM numbers(100000)', format: 'JSONEachRow' });
    expect(await rows.json()).toHaveLength(100_000);
    await packing.close();
    const answer = await fetch(`${url}/sql`, {
      method: 'POST',
      body: gzipSync("SELECT 'packed'"),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(await answer.text()).toBe('packed\n');
  });

  it('takes harmless settings, tightens limits and refuses the rest', async () => {
    const ask = async (settings: Record<string, string | number>): Promise<unknown> => {
      const rows = await client.query({
        query: "SELECT getSetting('max_execution_time') AS t, getSetting('readonly') AS r, timezone() AS z",
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return rows.json();
    };
    expect(await ask({ max_execution_time: 5, session_timezone: 'Europe/Istanbul' })).toMatchObject([
      { t: 5, r: 1 },
    ]);
    expect(await ask({ max_execution_time: 0 })).toMatchObject([{ t: 60 }]);
    expect(await ask({ max_execution_time: 100000, readonly: '0' })).toMatchObject([{ t: 60, r: 1 }]);
    await expect(ask({ allow_ddl: 1 })).rejects.toMatchObject({ code: '164' });
    await expect(ask({ additional_table_filters: '{}' })).rejects.toMatchObject({ code: '164' });
    await expect(client.query({ query: 'SELECT 1', session_id: 'x' })).rejects.toMatchObject({ code: '164' });
  });

  it('shows the catalogue of the reader only', async () => {
    const rows = await client.query({
      query:
        'SELECT DISTINCT database FROM system.columns AS c UNION ALL SELECT DISTINCT database FROM system.tables',
      format: 'JSONEachRow',
    });
    expect(await rows.json()).toEqual([{ database: 'temas' }, { database: 'temas' }]);
  });

  it('answers errors of the engine as the engine does', async () => {
    await expect(client.query({ query: 'SELECT nope FROM events' })).rejects.toMatchObject({
      code: '47',
      type: 'UNKNOWN_IDENTIFIER',
    });
    await expect(
      client.query({
        query: 'SELECT sleepEachRow(1) FROM numbers(3)',
        clickhouse_settings: { max_execution_time: 1 },
      }),
    ).rejects.toMatchObject({ code: '159' });
    await expect(
      client.query({
        query: 'SELECT number FROM numbers(100) FORMAT JSON',
        clickhouse_settings: { max_result_rows: '10' },
      }),
    ).rejects.toBeDefined();
  });

  it('stops the statement of a caller that has gone', async () => {
    const gone = new AbortController();
    const asked = client.query({
      query: 'SELECT count() FROM (SELECT sipHash64(number) AS left_alone FROM system.numbers)',
      abort_signal: gone.signal,
    });
    const failed = expect(asked).rejects.toThrow(/abort/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    gone.abort();
    await failed;
    let open = 1;
    for (let i = 0; i < 100 && open > 0; i++) {
      const [row] = await warehouse.query<{ n: string }>(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%left_alone%' AND query NOT LIKE '%processes%'",
      );
      open = Number(row?.n);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(open).toBe(0);
  });

  it('refuses rows', async () => {
    await expect(
      client.insert({ table: 'temas.events', values: [{ event: 'x' }], format: 'JSONEachRow' }),
    ).rejects.toMatchObject({ code: '164' });
  });
});

describe('guardSelect', () => {
  const allowed = [
    'SELECT * FROM events',
    'select count() from temas.events e join temas.profiles p using (profile_id) -- comment',
    'WITH x AS (SELECT 1 AS a) SELECT * FROM x FORMAT JSON;',
    "SELECT url, 'temas_store.events_v1' AS text, system.one.dummy FROM events, system.one",
    "SELECT domain(url) FROM events WHERE url = 'file(''/etc/passwd'')'",
    'SELECT * FROM numbers(3) UNION ALL SELECT 1',
    'SELECT position, event AS system FROM events WHERE path IN (SELECT path FROM events)',
    "SELECT replaceRegexpAll(path, '[0-9]+', ':id') FROM events LIMIT 5 BY path",
  ];
  it.each(allowed)('lets through %s', async (sql) => {
    expect(await guardSelect(warehouse, sql, 'temas')).toMatchObject({ outcome: 'ok' });
  });

  const refused: [string, number][] = [
    ['', 62],
    ['SELECT 1; SELECT 2', 62],
    ['SELECT 1; DROP TABLE temas.events', 62],
    ['SELEC 1', 62],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 1],
    ["SELECT 1 INTO/**/OUTFILE '/tmp/x' FORMAT CSV", 1],
    ['DROP TABLE temas.events', 164],
    ['CREATE TABLE temas.x (a Int8) ENGINE = Memory', 164],
    ['INSERT INTO temas.events SELECT * FROM temas.events', 164],
    ['WITH x AS (SELECT 1) INSERT INTO temas.events SELECT * FROM x', 164],
    ['SELECT 1 PARALLEL WITH DROP TABLE temas.events', 164],
    ['SET readonly = 0', 164],
    ['SYSTEM SHUTDOWN', 164],
    ['SHOW DATABASES', 164],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", 497],
    ["SELECT file('/etc/passwd')", 497],
    ["SELECT `file`('/etc/passwd')", 497],
    ["SELECT * APPLY(file) FROM (SELECT '/etc/passwd')", 497],
    ["SELECT arrayMap(file, ['/etc/passwd'])", 497],
    ["SELECT * FROM url('http://127.0.0.1/')", 497],
    ["SELECT * FROM remote('127.0.0.1', temas.events)", 497],
    ["SELECT * FROM merge('temas_store', '.*')", 497],
    ["SELECT * FROM mErGe('temas_store', '.*')", 497],
    ["SELECT * FROM cluster('default', 'temas', 'events')", 497],
    ["SELECT * FROM mergeTreeIndex('temas_store', 'events_v1')", 497],
    ['SELECT * FROM temas_store.events_v1', 497],
    ['SELECT * FROM `temas_store`.`events_v1`', 497],
    ['SELECT * FROM "temas_store"."events_v1"', 497],
    ['SELECT * FROM /* */ temas_store /* */ . events_v1', 497],
    ['SELECT 1 WHERE 1 IN temas_store.events_v1', 497],
    ['SELECT * FROM temas_other.events', 497],
    ['SELECT * FROM temas.events WHERE event IN (SELECT event FROM temas_other.events)', 497],
    ['SELECT * FROM (SELECT * FROM temas_other.events)', 497],
    ['WITH temas_other.events AS x SELECT x', 497],
    ['SELECT * FROM system.processes', 497],
    ['SELECT * FROM information_schema.tables', 497],
    ["SELECT dictGet('temas_store.d', 'a', 1)", 497],
    ["SELECT joinGet('temas_store.j', 'a', 1)", 497],
    ["SELECT hasColumnInTable('temas_store', 'events_v1', 'x')", 497],
    ['SELECT addressToSymbol(1)', 497],
  ];
  it.each(refused)('refuses %s', async (sql, code) => {
    expect(await guardSelect(warehouse, sql, 'temas')).toMatchObject({ outcome: 'refused', code });
  });

  it('looks at names that come as parameters', async () => {
    const sql = 'SELECT count() FROM {d:Identifier}.{t:Identifier}';
    const names = (d: string, t: string): Map<string, string> => new Map(Object.entries({ d, t }));
    expect(await guardSelect(warehouse, sql, 'temas', names('temas', 'events'))).toMatchObject({
      outcome: 'ok',
    });
    for (const d of ['temas_store', 'temas\\_store', 'temas_other', 'system', '`temas_store`']) {
      expect(await guardSelect(warehouse, sql, 'temas', names(d, 'events_v1'))).toMatchObject({ code: 497 });
    }
  });

  it('is the second of two walls: the engine blocks writing and reaching out by itself', async () => {
    const { url: engine, password } = await warehouse.endpoint();
    const direct = createClient({ url: engine, password, log, clickhouse_settings: { readonly: '1' } });
    for (const query of [
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
      'SELECT 1 SETTINGS readonly = 0',
    ]) {
      await expect(direct.query({ query })).rejects.toMatchObject({ code: '164' });
    }
    await expect(direct.command({ query: 'DROP TABLE temas_store.events_v1' })).rejects.toMatchObject({
      code: '164',
    });
    await direct.close();
  });
});

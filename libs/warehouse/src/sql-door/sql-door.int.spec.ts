import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import type { Warehouse } from '../warehouse.port.ts';
import { guardSelect } from './guard-select.ts';
import { startDoor, type DoorUnderTest } from './testing/door-under-test.ts';

const log = { level: ClickHouseLogLevel.OFF };
let under: DoorUnderTest;
let warehouse: Warehouse;
let server: Server;
let url: string;
let client: ClickHouseClient;

beforeAll(async () => {
  under = await startDoor();
  ({ warehouse } = under);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://door');
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      void under.door
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
  await under.close();
});

async function nothingRuns(part: string): Promise<void> {
  let open = 1;
  for (let i = 0; i < 200 && open > 0; i++) {
    const [row] = await warehouse.query<{ n: string }>(
      `SELECT count() AS n FROM system.processes WHERE query LIKE '%${part}%' AND query NOT LIKE '%processes%'`,
    );
    open = Number(row?.n);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(open).toBe(0);
}

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

  it('gives Parquet and CSV as bytes', async () => {
    for (const [format, start] of [
      ['Parquet', 'PAR1'],
      ['CSVWithNames', '"number"'],
    ] as const) {
      const { stream } = await client.exec({ query: `SELECT number FROM numbers(100000) FORMAT ${format}` });
      expect((await buffer(stream)).subarray(0, start.length).toString()).toBe(start);
    }
  });

  it('streams a million rows, and holds up an engine that is faster than its reader', async () => {
    const set = await client.query({
      query: 'SELECT number, toString(number) AS text FROM numbers(1000000)',
      format: 'JSONEachRow',
    });
    let rows = 0;
    for await (const block of set.stream()) rows += block.length;
    expect(rows).toBe(1_000_000);
  });

  it('never holds a long answer whole, on either side', async () => {
    const rss = async (): Promise<number> => {
      const status = await readFile(`/proc/${await under.warehouse.pid()}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    };
    const before = process.memoryUsage().rss;
    const { stream } = await client.exec({
      query: "SELECT number, repeat('x', 1000) AS text FROM numbers(1900000) FORMAT CSV",
    });
    let length = 0;
    let most = 0;
    for await (const chunk of stream) {
      if (length % 1000 < 10) most = Math.max(most, await rss());
      length += (chunk as Buffer).length;
    }
    expect(length).toBeGreaterThan(1_900_000_000);
    // A few blocks of 65,000 rows are under way, whatever the length of the answer.
    expect(most).toBeLessThan(1_750_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  it('lets a caller leave in the middle of a long answer', async () => {
    const set = await client.query({ query: 'SELECT number FROM numbers(9000000)', format: 'JSONEachRow' });
    for await (const rows of set.stream()) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    await nothingRuns('numbers(9000000)');
    expect((await client.ping({ select: true })).success).toBe(true);
  });

  it.each([false, true])('tells of a failure behind rows, packed %s', async (packed) => {
    const asking = createClient({ url, pathname: '/sql', log, compression: { response: packed } });
    const query = "SELECT number, throwIf(number = 300000, 'late failure') FROM numbers(1000000)";
    const set = await asking.query({ query, format: 'JSONEachRow' });
    let rows = 0;
    const reading = (async () => {
      for await (const block of set.stream()) rows += block.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: '395', message: /late failure/ });
    expect(rows).toBeGreaterThan(0);
    await expect(
      asking.query({ query, format: 'JSONEachRow' }).then((again) => again.json()),
    ).rejects.toMatchObject({
      code: '395',
    });
    await expect(asking.query({ query, format: 'JSON' }).then((again) => again.json())).rejects.toBeDefined();
    await expect(asking.query({ query, format: 'CSV' }).then((again) => again.text())).rejects.toBeDefined();
    await asking.close();
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
    expect(await ask({ max_execution_time: 100000, readonly: '2' })).toMatchObject([{ t: 60, r: 1 }]);
    await expect(ask({ allow_ddl: 1 })).rejects.toMatchObject({ code: '164' });
    await expect(ask({ additional_table_filters: '{}' })).rejects.toMatchObject({ code: '164' });
    await expect(ask({ readonly: '0' })).rejects.toMatchObject({ code: '164' });
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
        query: 'SELECT number FROM numbers(100)',
        clickhouse_settings: { max_result_rows: '10' },
      }),
    ).rejects.toMatchObject({ code: '396' });
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
    await nothingRuns('left_alone');
  });

  it('answers 202 to a caller that asks too much at once, and others still get in', async () => {
    const asked = Array.from({ length: 60 }, () => under.ask({ caller: 'a', body: 'SELECT sleep(0.2)' }));
    const other = await under.ask({ caller: 'b', body: 'SELECT 1' });
    expect(other.body.toString()).toBe('1\n');
    const codes = (await Promise.all(asked)).map(({ code }) => code);
    expect([codes.filter((code) => code === 0).length, codes.filter((code) => code === 202).length]).toEqual([
      53, 7,
    ]);
  });

  it('refuses rows', async () => {
    await expect(
      client.insert({ table: 'temas.events', values: [{ event: 'x' }], format: 'JSONEachRow' }),
    ).rejects.toMatchObject({ code: '164' });
  });
});

describe('guardSelect', () => {
  it('gives back what was checked, without clauses that can stand beside it', async () => {
    expect(
      await guardSelect(warehouse, 'select 1 /* x */ AS a settings max_threads = 1 format CSV;', 'temas'),
    ).toEqual({
      outcome: 'ok',
      sql: 'SELECT 1 AS a',
      format: 'CSV',
      settings: new Map([['max_threads', '1']]),
    });
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

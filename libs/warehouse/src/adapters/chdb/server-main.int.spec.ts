import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@clickhouse/client';
import { startChild, type Child } from './child.ts';

let path: string;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-engine-'));
});

afterAll(async () => {
  await rm(path, { recursive: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls: an orphan that has ended may still stand in the process table for a moment. */
async function ended(pid: number): Promise<boolean> {
  for (let i = 0; i < 200 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  return !isAlive(pid);
}

describe('the engine process', () => {
  it('ends with its standard input, finishing what runs, and frees the directory', async () => {
    const child = await startChild(path, () => undefined);
    const client = createClient({ url: child.endpoint.url, password: child.endpoint.password });
    const running = client.query({ query: 'SELECT sleep(1) AS s', format: 'JSONEachRow' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stopped = child.stop();
    expect(await (await running).json()).toEqual([{ s: 0 }]);
    await stopped;
    expect(await child.exited).toEqual({ code: 0, signal: null });
    await client.close();
    const next = await startChild(path, () => undefined);
    await next.stop();
  });

  it('ignores the signals of a terminal: its parent decides', async () => {
    const child = await startChild(path, () => undefined);
    process.kill(child.pid, 'SIGINT');
    process.kill(child.pid, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAlive(child.pid)).toBe(true);
    await child.stop();
  });

  it('dies with a killed parent, and the next start waits for the directory', async () => {
    const built = new URL(
      '../../../../../dist/libs/warehouse/src/adapters/chdb/chdb-warehouse.js',
      import.meta.url,
    ).href;
    const script = `
      const { startEmbeddedWarehouse } = await import(${JSON.stringify(built)});
      const warehouse = await startEmbeddedWarehouse({ path: ${JSON.stringify(path)} });
      await warehouse.command('CREATE DATABASE IF NOT EXISTS killed ENGINE = Atomic');
      await warehouse.command('CREATE TABLE IF NOT EXISTS killed.t (id UInt64) ENGINE = MergeTree ORDER BY id');
      for (const sql of [
        'SELECT sleepEachRow(1) FROM numbers(30)',
        'SELECT sum(sipHash64(number)) FROM numbers(20000000000)',
        'SELECT arrayLevenshteinDistance(materialize(range(90000)), arrayReverse(range(90000)))',
      ]) warehouse.query(sql).catch(() => undefined);
      const pid = await warehouse.pid();
      for (let i = 0; ; i++) {
        await warehouse.insert('killed.t', Buffer.from('[' + i + ']\\n'), ['id'], 'token-' + i);
        if (i === 20) process.stdout.write(String(pid));
      }`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    const next = await startChild(path, () => undefined);
    expect(await ended(pid)).toBe(true);
    const client = createClient({ url: next.endpoint.url, password: next.endpoint.password });
    const rows = await client.query({
      query: 'SELECT count() > 20 AS there FROM killed.t',
      format: 'JSONEachRow',
    });
    expect(await rows.json()).toEqual([{ there: 1 }]);
    await client.close();
    await next.stop();
  });

  it('tells why it does not start', async () => {
    const holder = await startChild(path, () => undefined);
    await expect(startChild(path, () => undefined)).rejects.toThrow(/Cannot lock file/);
    await holder.stop();
  });
});

describe('the HTTP interface', () => {
  let child: Child;
  beforeAll(async () => {
    child = await startChild(path, () => undefined);
  });
  afterAll(() => child.stop());

  function ask(
    search: string,
    options: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${child.endpoint.url}/${search}`,
        {
          method: options.body === undefined ? 'GET' : 'POST',
          headers: { 'x-clickhouse-key': child.endpoint.password, ...options.headers },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      outgoing.once('error', reject);
      outgoing.end(options.body);
    });
  }

  it('answers a ping without a password and nothing else', async () => {
    expect((await ask('ping', { headers: { 'x-clickhouse-key': '' } })).body.toString()).toBe('Ok.\n');
    const refused = await ask('?query=SELECT%201', { headers: { 'x-clickhouse-key': 'wrong' } });
    expect(refused.status).toBe(403);
    expect(refused.headers['x-clickhouse-exception-code']).toBe('516');
  });

  it('gives errors with their number, status and place', async () => {
    const unknown = await ask('?query=SELECT%20*%20FROM%20nowhere.t');
    expect([unknown.status, unknown.headers['x-clickhouse-exception-code']]).toEqual([404, '81']);
    const syntax = await ask('', { body: 'SELECT 1 +' });
    expect(syntax.status).toBe(400);
    expect(syntax.body.toString()).toMatch(/^Code: 62\. DB::Exception: Syntax error/);
  });

  it('takes the statement from URL and body, a database, a format and settings for one call only', async () => {
    const answer = await ask(
      '?query=SELECT&database=system&default_format=JSONCompactEachRow&max_threads=1',
      {
        body: " (SELECT count() FROM one), getSetting('max_threads')",
      },
    );
    expect(answer.body.toString()).toBe('[1, 1]\n');
    expect(answer.headers['x-clickhouse-format']).toBe('JSONCompactEachRow');
    const later = await ask("?query=SELECT%20getSetting('max_threads')%20>%201,%20currentDatabase()");
    expect(later.body.toString()).toBe('1\tdefault\n');
  });

  it('packs answers when asked', async () => {
    const answer = await ask('?enable_http_compression=1&query=SELECT%20number%20FROM%20numbers(1000)', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.body).toString().split('\n')).toHaveLength(1001);
  });

  it('stays free while a heavy subquery is planned', async () => {
    const heavy = ask(
      '?default_format=JSONEachRow&query=' +
        encodeURIComponent('WITH (SELECT sum(sipHash64(number)) FROM numbers(30000000)) AS x SELECT x > 0'),
    );
    let pings = 0;
    let done = false;
    void heavy.finally(() => (done = true));
    while (!done) {
      await ask('ping');
      pings++;
    }
    await heavy;
    expect(pings).toBeGreaterThan(20);
  });
});

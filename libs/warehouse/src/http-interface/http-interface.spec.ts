import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { extractErrorAtTheEndOfChunk } from '@clickhouse/client';
import { decodeBody } from './body.ts';
import { parseCall } from './call.ts';
import { credentialsOf } from './credentials.ts';
import { EngineError, statusOf, toEngineError } from './engine-error.ts';
import { exceptionTrailer } from './exception-trailer.ts';
import { Gate } from './gate.ts';
import { encodeMultipart, parseMultipart } from './multipart.ts';

const NOTHING = Buffer.alloc(0);

describe('parseCall', () => {
  it('takes the statement from the URL, the body or both', () => {
    const query = new URLSearchParams({ query: 'SELECT 1' });
    const sql = (body: Buffer, search = query): string => parseCall({ query: search, headers: {}, body }).sql;
    expect(sql(NOTHING)).toBe('SELECT 1');
    expect(sql(Buffer.from('SELECT 2'), new URLSearchParams())).toBe('SELECT 2');
    expect(sql(Buffer.from('+ 2'))).toBe('SELECT 1\n+ 2');
  });

  it('tells rows from a statement, and settings from what is meant for the interface', () => {
    const call = parseCall({
      query: new URLSearchParams(
        'query=INSERT INTO t FORMAT CSV&param_a=1&max_threads=2&database=d&query_id=q&enable_http_compression=1',
      ),
      headers: { 'accept-encoding': 'gzip, deflate' },
      body: Buffer.from('1\n'),
    });
    expect(call).toMatchObject({ sql: 'INSERT INTO t FORMAT CSV', database: 'd', queryId: 'q', gzip: true });
    expect(call.data?.toString()).toBe('1\n');
    expect([...call.params]).toEqual([['a', '1']]);
    expect([...call.settings]).toEqual([['max_threads', '2']]);
    expect(call.waitEndOfQuery).toBeUndefined();
  });

  it('reads what it writes as multipart', () => {
    const fields = [
      ['query', 'SELECT {s:String}\r\n\n'],
      ['param_s', '--x\r\n"ğ'],
    ] as const;
    const { contentType, body } = encodeMultipart(fields);
    expect([...parseMultipart(body, contentType)]).toEqual(fields);
    const call = parseCall({ query: new URLSearchParams(), headers: { 'content-type': contentType }, body });
    expect(call.sql).toBe('SELECT {s:String}\r\n\n');
    expect(call.params.get('s')).toBe('--x\r\n"ğ');
    expect(call.settings.size).toBe(0);
  });
});

describe('decodeBody', () => {
  it('unpacks gzip up to a limit', async () => {
    const packed = gzipSync('x'.repeat(1000));
    expect((await decodeBody(packed, 'gzip', 1000)).length).toBe(1000);
    await expect(decodeBody(packed, 'gzip', 999)).rejects.toMatchObject({ errorNumber: 354 });
    await expect(decodeBody(packed, 'zstd', 1000)).rejects.toMatchObject({ errorNumber: 48 });
    await expect(decodeBody(packed, 'gzip, gzip', 1000)).rejects.toMatchObject({ errorNumber: 48 });
    await expect(decodeBody(Buffer.alloc(1001), undefined, 1000)).rejects.toMatchObject({ errorNumber: 307 });
  });
});

describe('credentialsOf', () => {
  it('knows Basic, ClickHouse headers and the URL, in this order', () => {
    const authorization = `Basic ${Buffer.from('u:p:q').toString('base64')}`;
    const query = new URLSearchParams({ user: 'a', password: 'b' });
    expect(credentialsOf({ authorization }, query)).toEqual({ user: 'u', password: 'p:q' });
    expect(credentialsOf({ 'x-clickhouse-key': 'k' }, query)).toEqual({ user: 'a', password: 'k' });
    expect(credentialsOf({}, query)).toEqual({ user: 'a', password: 'b' });
  });
});

describe('toEngineError', () => {
  it("reads the engine's report, and writes it as a server does", () => {
    const error = toEngineError(new Error('Code: 60. DB::Exception: Unknown table x (y). (UNKNOWN_TABLE)'));
    expect(error).toMatchObject({ errorNumber: 60, type: 'UNKNOWN_TABLE' });
    expect(error.text).toBe('Code: 60. DB::Exception: Unknown table x (y). (UNKNOWN_TABLE)\n');
    expect(statusOf(60)).toBe(404);
    expect(toEngineError('what?')).toMatchObject({ errorNumber: 1002 });
  });
});

describe('Gate', () => {
  it('lets some in, some wait and turns the rest away', async () => {
    const gate = new Gate({ running: 1, waiting: 1 });
    const leave = await gate.enter();
    const second = gate.enter();
    await expect(gate.enter()).rejects.toMatchObject({ errorNumber: 202 });
    leave();
    leave();
    (await second)();
    (await gate.enter())();
  });

  it('keeps a caller from taking every place: others pass those of it that wait', async () => {
    const gate = new Gate({ running: 3, waiting: 10, runningPerCaller: 2, waitingPerCaller: 1 });
    const started: string[] = [];
    const enter = async (caller: string): Promise<() => void> => {
      const leave = await gate.enter(caller);
      started.push(caller);
      return leave;
    };
    const first = await enter('a');
    await enter('a');
    const third = enter('a');
    await expect(gate.enter('a')).rejects.toMatchObject({ errorNumber: 202 });
    const other = await enter('b');
    const waiting = enter('b');
    expect(started).toEqual(['a', 'a', 'b']);
    other();
    (await waiting)();
    expect(started).toEqual(['a', 'a', 'b', 'b']);
    first();
    await third;
    expect(started).toEqual(['a', 'a', 'b', 'b', 'a']);
  });
});

describe('exceptionTrailer', () => {
  it("is read back by the client's own parser", () => {
    const error = new EngineError(395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 'boom ğ');
    const trailer = exceptionTrailer(error, 'FOOBAR');
    expect(
      extractErrorAtTheEndOfChunk(Buffer.concat([Buffer.from('{"a":1}'), trailer]), 'FOOBAR'),
    ).toMatchObject({
      code: '395',
      type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
      message: 'boom ğ. ',
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMapping } from '../mapping/parse-mapping.ts';
import type { ReadRecord } from './file-record.ts';
import { MAX_RECORD_CHARS } from './cut-records.ts';
import { parseExactJson } from './exact-json.ts';
import { readRecords } from './read-records.ts';
import type { TextFormat } from './read-records.ts';

function formatOf(head: string): TextFormat {
  const mapping = parseMapping(`{ ${head}, touchpoint: { type: identify, userId: u } }`);
  return mapping.format as TextFormat;
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(head: string, content: string | Buffer, chunk = 7): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  const bytes = Buffer.from(content as string);
  for await (const record of readRecords(formatOf(head), inChunks(bytes, chunk), () => undefined))
    records.push(record);
  return records;
}

/** `line: values` of what was read, `line! reason` of the rest. */
async function shortly(head: string, content: string | Buffer, chunk?: number): Promise<string[]> {
  return (await readAll(head, content, chunk)).map((record) =>
    record.outcome === 'read'
      ? `${record.line}: ${Object.values(record.fields).join('|')}`
      : `${record.line}! ${record.reason}`,
  );
}

const CSV = 'format: csv, columns: [a, b]';

describe('CSV', () => {
  it('reads LF, CRLF, both mixed, a missing last line break and empty lines', async () => {
    expect(await shortly(CSV, '1,2\r\n3,4\n\n\r\n5,6')).toEqual(['1: 1|2', '2: 3|4', '5: 5|6']);
  });

  it('reads quotes, doubled ones, delimiters and line breaks inside, and counts physical lines', async () => {
    const text = 'a,b\r\n"x, ""y""","l1\r\nl2\n\nl4"\r\n"",z\n';
    const records = await readAll('format: csv, header: true', text);
    expect(records).toEqual([
      { outcome: 'read', line: 2, fields: { a: 'x, "y"', b: 'l1\r\nl2\n\nl4' } },
      { outcome: 'read', line: 6, fields: { a: '', b: 'z' } },
    ]);
  });

  it('takes a quote inside a field as it is, and other delimiters and quotes', async () => {
    expect(await shortly(CSV, '5" disk,x\n')).toEqual(['1: 5" disk|x']);
    expect(await shortly(`${CSV}, delimiter: ";", quote: "'"`, "'a;b';c\n")).toEqual(['1: a;b|c']);
    expect(await shortly(`${CSV}, delimiter: "||"`, '"a"||b\nc||"d"')).toEqual(['1: a|b', '2: c|d']);
    expect(await shortly(`${CSV}, quote: false`, '"a,b"\n')).toEqual(['1: "a|b"']);
  });

  it('gives up the first line of a broken record only', async () => {
    expect(await shortly(CSV, '1,2\n"x" y,3\n4,5\n')).toEqual([
      '1: 1|2',
      '2! has text behind a closing quote',
      '3: 4|5',
    ]);
    expect(await shortly(CSV, '1,"open\n3,4\n5,6\n')).toEqual([
      '1! has a quote that is not closed',
      '2: 3|4',
      '3: 5|6',
    ]);
  });

  it('holds no more than a record of the largest size', async () => {
    const rows = '1,2\n'.repeat(MAX_RECORD_CHARS);
    const answer = await shortly(CSV, `x,"open\n${rows}`, 65_536);
    expect(answer[0]).toBe(`1! is longer than ${MAX_RECORD_CHARS} characters`);
    expect(answer).toHaveLength(MAX_RECORD_CHARS + 1);
    expect(answer.at(-1)).toBe(`${MAX_RECORD_CHARS + 1}: 1|2`);
  });

  it('refuses rows whose values are shifted', async () => {
    expect(await shortly(CSV, '1,2,3\n4\n')).toEqual([
      '1! has 3 values for 2 columns',
      '2! has 1 values for 2 columns',
    ]);
  });

  it('tells the header, and refuses one that names a column twice', async () => {
    const told: string[] = [];
    const chunks = inChunks(Buffer.from('\n# note\nid, name\n1,2\n'), 3);
    const head = formatOf('format: csv, header: true, skip: 2');
    for await (const record of readRecords(head, chunks, (columns) => told.push(...columns))) {
      expect(record).toEqual({ outcome: 'read', line: 4, fields: { id: '1', name: '2' } });
    }
    expect(told).toEqual(['id', 'name']);
    await expect(readAll('format: csv, header: true', 'a,a\n1,2')).rejects.toThrow('"a" twice');
  });

  it('reads back whatever was written, however the bytes are cut', async () => {
    const sign = fc.constantFrom('a', 'ş', '😀', ',', '"', '\n', '\r\n', ' ', ';');
    const field = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join(''));
    const rows = fc.array(fc.tuple(field, field), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (table, chunk, crlf) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = table.map((row) => row.map(quoted).join(',') + (crlf ? '\r\n' : '\n')).join('');
        const records = await readAll(CSV, text, chunk);
        expect(records.map((record) => record.outcome === 'read' && Object.values(record.fields))).toEqual(
          table,
        );
        const lines = table.map((_, i) => lineOf(table.slice(0, i)));
        expect(records.map(({ line }) => line)).toEqual(lines);
      }),
      { numRuns: process.env.TEMAS_LONG === '1' ? 20_000 : 200 },
    );
  });
});

function lineOf(before: readonly (readonly string[])[]): number {
  return 1 + before.reduce((sum, row) => sum + row.join('').split('\n').length, 0);
}

describe('other texts', () => {
  it('reads fixed widths and trims them', async () => {
    const head = 'format: fixed, columns: [{ name: a, start: 2, width: 3 }, { name: b, start: 6 }]';
    expect(await shortly(head, ' 001  x y \r\n 2\n')).toEqual(['1: 001|x y', '2: 2|']);
  });

  it('splits at white space or at an expression', async () => {
    expect(await shortly('format: text, columns: [a, b]', '  1 \t 2\r\n3\n')).toEqual([
      '1: 1|2',
      '2! has 1 values for 2 columns',
    ]);
    expect(await shortly('format: text, header: true, separator: "\\\\|+"', 'a|b\n1 || 2\n')).toEqual([
      '2: 1|2',
    ]);
  });

  it('reads JSON a line, and says what is none', async () => {
    expect(await readAll('format: ndjson, skip: 1', 'junk\n{"a":{"b":1}}\r\n\n[1]\n{"a"')).toEqual([
      { outcome: 'read', line: 2, fields: { a: { b: 1 } } },
      { outcome: 'unreadable', line: 4, reason: 'is no JSON object', text: '[1]' },
      { outcome: 'unreadable', line: 5, reason: 'is not JSON', text: '{"a"' },
    ]);
  });

  it('keeps digits that a double would lose', () => {
    expect(parseExactJson('{"id":12345678901234567890,"a":"9\\"12345678901234567890","b":1.5}')).toEqual({
      id: '12345678901234567890',
      a: '9"12345678901234567890',
      b: 1.5,
    });
    expect(parseExactJson('[0.1234567890123456,-12345678901234567e2]')).toEqual([
      '0.1234567890123456',
      '-12345678901234567e2',
    ]);
  });
});

describe('encodings', () => {
  const line = (bytes: Buffer, encoding: string): Promise<string[]> =>
    shortly(`${CSV}, encoding: ${encoding}`, bytes, 1);

  it('takes a byte order mark away', async () => {
    expect(await shortly(CSV, '\uFEFF"a",ş\n', 1)).toEqual(['1: a|ş']);
    expect(await line(Buffer.from('\uFEFF"a",ş\r\n', 'utf16le'), 'utf-16le')).toEqual(['1: a|ş']);
  });

  it('reads what the option says', async () => {
    expect(await line(Buffer.from([0xdd, 0x2c, 0xfe, 0x0a]), 'windows-1254')).toEqual(['1: İ|ş']);
    expect(await line(Buffer.from([0xdd, 0x2c, 0xfe, 0x0a]), 'iso-8859-9')).toEqual(['1: İ|ş']);
    expect(await line(Buffer.from([0x80, 0x2c, 0x92, 0x0a]), 'windows-1252')).toEqual(['1: €|’']);
    expect(await line(Buffer.from([0x83, 0x65, 0x2c, 0x41, 0x0a]), 'shift_jis')).toEqual(['1: テ|A']);
  });

  it('refuses rows with bytes of another encoding, and a file that says it is UTF-16', async () => {
    expect(await line(Buffer.from([0x31, 0x2c, 0xfe, 0x0a, 0x31, 0x2c, 0x32]), 'utf-8')).toEqual([
      '1! holds bytes that are not of the encoding',
      '2: 1|2',
    ]);
    await expect(shortly(CSV, Buffer.from('\uFEFFa,b', 'utf16le'))).rejects.toThrow(
      'the file says it is utf-16le',
    );
  });
});

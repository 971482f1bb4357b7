import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedWarehouse } from '#warehouse';
import { parseMapping } from '../mapping/parse-mapping.ts';
import type { ReadRecord } from './file-record.ts';
import { openSource } from './record-source.ts';

const ROWS = 250_000;
const folder = mkdtempSync(join(tmpdir(), 'temas-parquet-'));
const file = join(folder, "it's {a} *.parquet");

const mappingFor = (column: string): ReturnType<typeof parseMapping> =>
  parseMapping(`{ format: parquet, touchpoint: { type: identify, userId: "{${column}}" } }`);

describe('Parquet', () => {
  beforeAll(async () => {
    const plain = join(folder, 'plain.parquet');
    const engine = await startEmbeddedWarehouse({ path: join(folder, 'engine') });
    await engine.command(
      `INSERT INTO FUNCTION file('${plain}', Parquet)
       SELECT number + 9007199254740993 AS id, 'ş' || number AS name, toDecimal64(number, 4) / 100 AS money,
              toDateTime64('1997-01-01 10:11:12.345', 3, 'UTC') AS at, if(number = 1, NULL, number) AS maybe
       FROM numbers(${ROWS}) SETTINGS output_format_parquet_row_group_size = 10000`,
    );
    await engine.close();
    renameSync(plain, file);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives its rows in their order, numbered, with every digit', async () => {
    const source = await openSource(file, mappingFor('id'));
    const first: ReadRecord[] = [];
    let line = 0;
    let inOrder = true;
    for await (const record of source.records) {
      if (first.length < 2) first.push(record);
      inOrder &&= record.line === ++line;
    }
    expect({ line, inOrder, total: source.total, done: source.done() }).toEqual({
      line: ROWS,
      inOrder: true,
      total: ROWS,
      done: ROWS,
    });
    const at = '1997-01-01T10:11:12.345Z';
    expect(first).toEqual([
      {
        outcome: 'read',
        line: 1,
        fields: { id: '9007199254740993', name: 'ş0', money: '0', at, maybe: '0' },
      },
      {
        outcome: 'read',
        line: 2,
        fields: { id: '9007199254740994', name: 'ş1', money: '0.01', at, maybe: null },
      },
    ]);
    await source.close();
  }, 60_000);

  it('can be left in the middle', async () => {
    const source = await openSource(file, mappingFor('id'));
    for await (const record of source.records) if (record.line === 10) break;
    await source.close();
  }, 60_000);

  it('refuses columns that it does not have, and files that are none', async () => {
    await expect(openSource(file, mappingFor('ids'))).rejects.toThrow('there is no column "ids"');
    const text = join(folder, 'text.parquet');
    writeFileSync(text, 'a,b\n');
    await expect(openSource(text, mappingFor('id'))).rejects.toThrow();
  }, 60_000);
});

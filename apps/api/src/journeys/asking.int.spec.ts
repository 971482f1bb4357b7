import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpException } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Workspace } from '#kernel';
import { createViews, migrate, SqlDoor, startEmbeddedWarehouse } from '#warehouse';
import type { Warehouse } from '#warehouse';
import type { Caller } from '../access.ts';
import type { OpenReads } from '../reading.ts';
import { Reading } from '../reading.ts';
import { ask } from './asking.ts';

const CALLER: Caller = { id: 'a', role: 'analyst', workspace: 'default' as Workspace };
let path: string;
let warehouse: Warehouse;
let reading: Reading;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-asking-'));
  warehouse = await startEmbeddedWarehouse({ path });
  await migrate(warehouse, 1);
  await createViews(warehouse, 'default', 1);
  const open = { warehouse, door: new SqlDoor(warehouse) } as OpenReads;
  reading = new Reading(() => open, Promise.resolve());
}, 60_000);

afterAll(async () => {
  await warehouse.close();
  await rm(path, { recursive: true });
});

/** Status and members of the answer to a statement that is refused. */
async function refusal(sql: string): Promise<[number, Record<string, unknown>]> {
  const error: unknown = await ask(reading, CALLER, { sql, params: {} }).catch((thrown: unknown) => thrown);
  if (!(error instanceof HttpException)) throw error;
  return [error.getStatus(), error.getResponse() as Record<string, unknown>];
}

describe('a question', () => {
  it('is answered with the statement and its values', async () => {
    const params = { p0: "it's\t\\", p1: ['a', "b'"] };
    const { rows, asked } = await ask(reading, CALLER, {
      sql: 'SELECT {p0:String} AS text, {p1:Array(String)} AS list, toUInt64(1) AS n FROM numbers(2)',
      params,
    });
    expect(rows).toEqual(new Array(2).fill({ text: "it's\t\\", list: ['a', "b'"], n: '1' }));
    expect(asked).toMatchObject({ parameters: params });
    expect(asked.ms).toBeGreaterThan(0);
  });

  it.each([
    ['rows', 'SELECT number FROM numbers(300000)', 'max_result_rows'],
    ['memory', 'SELECT length(groupArray(number)) FROM numbers(4000000000)', 'max_memory_usage'],
    ['long histories', "SELECT throwIf(1, 'one history has more than 5 events')", 'max_history'],
  ])(
    'is ended by the limit on %s with its name, and the engine lives on',
    async (_, sql, limit) => {
      const [status, { limit: told, detail }] = await refusal(sql);
      expect([status, told]).toEqual([422, limit]);
      expect(detail).not.toMatch(/SELECT|DB::Exception/);
      expect(await warehouse.ping()).toBe(true);
    },
    60_000,
  );

  it('that the engine cannot parse is a bug and no answer', async () => {
    await expect(ask(reading, CALLER, { sql: 'SELECT nothing_of(1)', params: {} })).rejects.toThrow(
      /nothing_of/,
    );
  });
});

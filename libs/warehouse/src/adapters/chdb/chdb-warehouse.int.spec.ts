import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WarehouseRejected, WarehouseUnavailable } from '../../errors.ts';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from './chdb-warehouse.ts';

let path: string;
let warehouse: EmbeddedWarehouse;
const exits: unknown[] = [];

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-warehouse-'));
  warehouse = await startEmbeddedWarehouse({ path, onExit: (exit) => exits.push(exit) });
  await warehouse.command('CREATE DATABASE w ENGINE = Atomic');
  for (const table of ['w.once', 'w.killed', 'w.text']) {
    await warehouse.command(
      `CREATE TABLE ${table} (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS
       fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`,
    );
  }
});

afterAll(async () => {
  await warehouse.close();
  await rm(path, { recursive: true });
});

function lines(from: number, count: number, text: string): Buffer {
  const rows = Array.from({ length: count }, (_, i) => JSON.stringify([String(from + i), text]));
  return Buffer.from(`${rows.join('\n')}\n`);
}

async function count(table: string): Promise<number> {
  const [row] = await warehouse.query<{ n: string }>(`SELECT count() AS n FROM ${table}`);
  return Number(row?.n);
}

describe('insert', () => {
  it('writes the rows of a token once', async () => {
    await warehouse.insert('w.once', lines(0, 3, 'a'), ['id', 'text'], 'token-1');
    await warehouse.insert('w.once', lines(0, 3, 'a'), ['id', 'text'], 'token-1');
    await warehouse.insert('w.once', lines(3, 2, 'a'), ['id', 'text'], "token'2\\");
    expect(await count('w.once')).toBe(5);
  });

  it('keeps tokens apart from one another: one insert leaves no setting behind', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        warehouse.insert('w.once', lines(100 + i, 1, 'b'), ['id', 'text'], `parallel-${i}`),
      ),
    );
    expect(await count('w.once WHERE id >= 100')).toBe(40);
  });

  it('keeps text of any script, wherever the chunks of the body end', async () => {
    const text = 'ığüşöç 😀 漢字 "\\ \n\t\u0000';
    await warehouse.insert('w.text', lines(0, 10_000, text.repeat(20)), ['id', 'text'], 'text');
    const rows = await warehouse.query<{ text: string; n: string }>(
      'SELECT text, count() AS n FROM w.text GROUP BY text',
    );
    expect(rows).toEqual([{ text: text.repeat(20), n: '10000' }]);
  });

  it('takes half of a surrogate pair, which a cut text may end in', async () => {
    await warehouse.insert('w.once', lines(900, 1, 'x\ud83d'), ['id', 'text'], 'surrogate');
    expect(await count('w.once WHERE id = 900')).toBe(1);
  });

  it('refuses rows that do not fit, for good', async () => {
    const broken = Buffer.from('["not a number","x"]\n');
    await expect(warehouse.insert('w.once', broken, ['id', 'text'], 'broken')).rejects.toBeInstanceOf(
      WarehouseRejected,
    );
    await expect(warehouse.insert('w.nowhere', lines(0, 1, ''), ['id'], 'x')).rejects.toMatchObject({
      errorNumber: 60,
      type: 'UNKNOWN_TABLE',
    });
  });
});

describe('query', () => {
  it('binds parameters and gives 64-bit numbers exactly', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const rows = await warehouse.query(
      'SELECT {n:UInt64} AS n, {s:String} AS s, {at:DateTime64(3)} AS at, toDecimal64(1.1, 4) AS d',
      { n: 18446744073709551615n, s: "a'b\\c\n", at },
    );
    expect(rows).toEqual([
      { n: '18446744073709551615', s: "a'b\\c\n", at: '2026-01-02 03:04:05.678', d: '1.1' },
    ]);
  });

  it('runs no second statement and writes no file', async () => {
    await expect(warehouse.command('SELECT 1; DROP TABLE w.once')).rejects.toMatchObject({ errorNumber: 62 });
    await expect(warehouse.command(`SELECT 1 INTO OUTFILE '${path}/out'`)).rejects.toBeInstanceOf(
      WarehouseRejected,
    );
    expect(await warehouse.ping()).toBe(true);
  });

  it('streams, and lets go of a statement whose reader has left', async () => {
    let seen = 0;
    for await (const chunk of warehouse.stream('SELECT number FROM system.numbers', 'JSONEachRow')) {
      seen += chunk.length;
      if (seen > 1_000_000) break;
    }
    const running = "SELECT count() AS n FROM system.processes WHERE query LIKE '%system.numbers%'";
    let open = 1;
    for (let i = 0; i < 100 && open > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [row] = await warehouse.query<{ n: string }>(`${running} AND query NOT LIKE '%processes%'`);
      open = Number(row?.n);
    }
    expect(open).toBe(0);
  });
});

describe('a killed engine', () => {
  it('comes back by itself, and a repeated insert has its rows exactly once', async () => {
    const batches = Array.from({ length: 30 }, (_, i) => i);
    let killed = 0;
    for (const i of batches) {
      const insert = warehouse.insert('w.killed', lines(i * 1_000, 1_000, 'x'), ['id', 'text'], `batch-${i}`);
      if (i === 7 || i === 19) {
        process.kill(await warehouse.pid(), 'SIGKILL');
        killed++;
      }
      await insert;
      if (i === 19) {
        await warehouse.insert('w.killed', lines(i * 1_000, 1_000, 'x'), ['id', 'text'], `batch-${i}`);
      }
    }
    expect(killed).toBe(2);
    expect(exits).toHaveLength(2);
    const [row] = await warehouse.query<{ n: string; ids: string }>(
      'SELECT count() AS n, uniqExact(id) AS ids FROM w.killed',
    );
    expect(row).toEqual({ n: '30000', ids: '30000' });
  });

  it('fails the questions under way as unavailable', async () => {
    const question = warehouse.query('SELECT sleepEachRow(1) FROM numbers(3)');
    const failed = expect(question).rejects.toBeInstanceOf(WarehouseUnavailable);
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(await warehouse.pid(), 'SIGKILL');
    await failed;
    // The connection may be lost before the supervisor has heard of the end: asking again is what callers do.
    const again = async (): Promise<unknown> => {
      for (;;) {
        try {
          return await warehouse.query('SELECT 1 AS one');
        } catch (error) {
          if (!(error instanceof WarehouseUnavailable)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    expect(await again()).toEqual([{ one: 1 }]);
  });
});

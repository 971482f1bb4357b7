import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from '../../adapters/chdb/chdb-warehouse.ts';
import { migrate } from '../../schema/migrate.ts';
import { createViews } from '../../schema/views.ts';
import { SqlDoor } from '../handle-sql.ts';

/** What a test says of a request; the rest is a POST without anything. */
export interface Asked {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly caller?: string;
  readonly signal?: AbortSignal;
}

/** An answer, read whole. */
export interface Answered {
  readonly status: number;
  /** ClickHouse's error number, 0 where there was none; also of an error behind rows. */
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A door on an engine of its own, with events of workspaces `default` (5) and `other` (3) behind it. */
export interface DoorUnderTest {
  readonly warehouse: EmbeddedWarehouse;
  readonly door: SqlDoor;
  /** Directory of the engine's data. */
  readonly path: string;
  ask(asked: Asked | string): Promise<Answered>;
  close(): Promise<void>;
}

/** Starts an engine in a directory of its own, with tables, views and a few events. */
export async function startDoor(): Promise<DoorUnderTest> {
  const path = await mkdtemp(join(tmpdir(), 'temas-sql-door-'));
  const warehouse = await startEmbeddedWarehouse({ path });
  await migrate(warehouse, 1);
  await createViews(warehouse, 'default', 1);
  await createViews(warehouse, 'other', 1);
  await warehouse.command(
    `INSERT INTO temas_store.events_v1 (workspace, anchor_id, event, position, path, properties)
     SELECT if(number < 5, 'default', 'other'), number + 1, 'ığ😀', number + 9007199254740993,
       '/p' || toString(number), '{"price":' || toString(number) || '.5,"tags":["a","b"]}'
     FROM numbers(8)`,
  );
  const door = new SqlDoor(warehouse);
  return {
    warehouse,
    door,
    path,
    ask: (asked) => ask(door, typeof asked === 'string' ? { body: asked } : asked),
    close: async () => {
      await warehouse.close();
      await rm(path, { recursive: true });
    },
  };
}

async function ask(door: SqlDoor, { method, query, headers, body, ...rest }: Asked): Promise<Answered> {
  const answer = await door.handle(
    {
      method: method ?? 'POST',
      path: '/sql',
      query: new URLSearchParams(query),
      headers: headers ?? {},
      body: Buffer.from(body ?? ''),
      ...rest,
    },
    'default',
  );
  const whole = Buffer.isBuffer(answer.body) ? answer.body : await read(answer.body);
  const behind = /__exception__\r\n\w+\r\nCode: (\d+)/.exec(whole.subarray(-10_000).toString('latin1'))?.[1];
  return {
    status: answer.status,
    headers: answer.headers,
    code: Number(answer.headers['x-clickhouse-exception-code'] ?? behind ?? 0),
    body: whole,
  };
}

/** What came, also where it was cut. */
async function read(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch (error) {
    chunks.push(Buffer.from(`\n${String(error)}`));
  }
  return Buffer.concat(chunks);
}

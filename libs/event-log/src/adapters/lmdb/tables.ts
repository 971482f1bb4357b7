import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { open } from 'lmdb';
import type { Database, Key, RootDatabase } from 'lmdb';
import { UnreadableLog } from '../../errors.ts';
import type { AppendHeader } from './append-row.ts';
import type { Place } from './place.ts';

/** Key of an append's row. The header stands in the key, so a scan passes over other streams without reading their events. */
export type RowKey = [append: number, stream: string, first: number, count: number];

/** The tables of the log, one LMDB environment. */
export interface Tables {
  readonly root: RootDatabase<unknown, string>;
  /** Append → its events, in log order. */
  readonly rows: Database<Buffer, Key>;
  /** [stream, first revision] → [append, count]. */
  readonly index: Database<[append: number, count: number], Key>;
  /** Stream → revision of its last event. */
  readonly heads: Database<number, string>;
  /** `id`: the log's id. `head`: place of the log's last event. */
  readonly meta: Database<unknown, string>;
}

/**
 * Address space reserved for the map, in bytes; costs no memory and no disk. LMDB doubles it when the file
 * outgrows it, keeping the old maps until close, so starting high means never remapping under open readers.
 */
const MAP_SIZE = 64 * 2 ** 30;

/** Opens or creates the tables under a directory; durable on return, like the directory's entry of them. */
export async function openTables(path: string): Promise<Tables> {
  mkdirSync(path, { recursive: true });
  const root = open<unknown, string>({
    path,
    noSubdir: false,
    mapSize: MAP_SIZE,
    overlappingSync: false,
    // The appender batches. With it on, a failed commit also rejects a promise that nobody holds: the process ends.
    eventTurnBatching: false,
  });
  const tables: Tables = {
    root,
    rows: root.openDB<Buffer, Key>('rows', { encoding: 'binary' }),
    index: root.openDB<[number, number], Key>('index', {}),
    heads: root.openDB<number, string>('heads', {}),
    meta: root.openDB<unknown, string>('meta', {}),
  };
  // Another process may be creating the same log: whoever writes first has named it.
  root.transactionSync(() => {
    if (tables.meta.get('id') === undefined) tables.meta.putSync('id', randomUUID());
  });
  await syncDirectory(path);
  await syncDirectory(dirname(path));
  return tables;
}

/** Place of the log's last event; append 0 for an empty log. */
export function logHead(tables: Tables): Place {
  const [append, count] = (tables.meta.get('head') as [number, number] | undefined) ?? [0, 1];
  return { append, index: count - 1 };
}

/** Names of the streams that begin with a prefix, as of now. */
export function streamsOf(tables: Tables, prefix: string): string[] {
  const names: string[] = [];
  for (const name of tables.heads.getKeys({ start: prefix })) {
    if (!name.startsWith(prefix)) break;
    names.push(name);
  }
  return names;
}

/** Headers of at most `limit` appends from one on, in log order. */
export function headersFrom(tables: Tables, append: number, limit: number): AppendHeader[] {
  const headers: AppendHeader[] = [];
  for (const key of tables.rows.getKeys({ start: [append], limit })) {
    const [at, stream, first, count] = key as RowKey;
    headers.push({ append: at, stream, first, count });
  }
  return headers;
}

/** Headers of at most `limit` appends of one stream, from the one that holds `revision` on. */
export function headersOfStream(
  tables: Tables,
  stream: string,
  revision: number,
  limit: number,
): AppendHeader[] {
  const headers: AppendHeader[] = [];
  const before = { start: [stream, revision], end: [stream], reverse: true, limit: 1 };
  for (const { key } of tables.index.getRange(before)) revision = (key as [string, number])[1];
  const page = { start: [stream, revision], end: [stream, Number.MAX_VALUE], limit };
  for (const { key, value } of tables.index.getRange(page)) {
    headers.push({ append: value[0], stream, first: (key as [string, number])[1], count: value[1] });
  }
  return headers;
}

/** The bytes of an append's events; a copy, valid for ever. */
export function rowOf(tables: Tables, { append, stream, first, count }: AppendHeader): Buffer {
  const row = tables.rows.getBinary([append, stream, first, count]);
  if (row === undefined) throw new UnreadableLog(`append ${append} is indexed but not there`);
  return row;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await openFile(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

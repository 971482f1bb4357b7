import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { digest } from '../digest.ts';
import { GenerationInUse } from '../errors.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { readEpoch, writeEpoch } from './epoch.ts';
import { dropGeneration, listGenerations } from './generations.ts';
import { migrate } from './migrate.ts';
import { OVERRIDES, PERSON_OF_ANCHOR, reloadDictionary } from './overrides.ts';
import { columnNames, tableName, type Table } from './table.ts';
import { EVENTS, IDENTITIES, IDENTITY_OVERRIDES, PROFILES, SESSION_OVERRIDES, TABLES } from './tables.ts';
import { tableLine } from '../testing/table-row.ts';
import { createViews } from './views.ts';

let path: string;
let warehouse: Warehouse;
const A = '11111111-1111-5111-8111-111111111111';
const B = '22222222-2222-5222-8222-222222222222';

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-schema-'));
  warehouse = await startEmbeddedWarehouse({ path });
  await migrate(warehouse, 1);
  await createViews(warehouse, 'default', 1);
});

afterAll(async () => {
  await warehouse.close();
  await rm(path, { recursive: true });
});

let tokens = 0;
async function put(table: Table, generation: number, rows: Record<string, unknown>[]): Promise<void> {
  const text = rows.map((values) => tableLine(table, values));
  const token = `t${tokens++}`;
  await warehouse.insert(tableName(table, generation), Buffer.from(text.join('')), columnNames(table), token);
  for (const override of OVERRIDES)
    if (override.table === table) await reloadDictionary(warehouse, override, generation);
}

function event(n: number, anchor: number, profile: string): Record<string, unknown> {
  return {
    event_id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`,
    position: String(n),
    anchor_id: String(anchor),
    profile_id: profile,
    occurred_at: `2026-01-01 00:00:0${n}.000`,
  };
}

describe('the schema', () => {
  it('can be brought up to date again and again', async () => {
    await migrate(warehouse, 1);
    expect(await warehouse.query('SELECT id, generation FROM temas_store.migrations')).toEqual([
      { id: '0001-first-tables', generation: 1 },
    ]);
  });

  it('explains every column to analysts', async () => {
    const columns = await warehouse.query<{ table: string; name: string; type: string; comment: string }>(
      `SELECT table, name, type, comment FROM system.columns
       WHERE database IN ('temas', 'temas_store') AND table NOT LIKE 'open\\_%'`,
    );
    const bare = columns.filter(({ comment }) => comment === '').map(({ table, name }) => `${table}.${name}`);
    expect(bare).toEqual([]);
    expect(columns.find(({ table, name }) => table === 'events' && name === 'profile_id')?.type).toBe('UUID');
  });

  it('resolves the person of these tables, and of no history: a squash rewrites theirs', () => {
    expect(PERSON_OF_ANCHOR.resolved.map(({ name }) => name)).toEqual([
      'events',
      'orders',
      'order_items',
      'sessions',
      'account_members',
      'consent_choices',
    ]);
  });

  it('makes every table durable', async () => {
    const tables = await warehouse.query<{ ddl: string }>(
      `SELECT create_table_query AS ddl FROM system.tables
       WHERE database = 'temas_store' AND name LIKE '%_v1' AND engine != 'Dictionary'`,
    );
    expect(tables).toHaveLength(TABLES.length);
    for (const { ddl } of tables) {
      expect(ddl).toMatch(/fsync_after_insert = 1/);
      expect(ddl).toMatch(/fsync_part_directory = 1/);
      expect(ddl).toMatch(/min_rows_to_fsync_after_merge = 1/);
      expect(ddl).toMatch(/non_replicated_deduplication_window = 1000/);
    }
  });
});

describe('the views', () => {
  it('show the person of now for rows written before a merge', async () => {
    await put(EVENTS, 1, [event(1, 7, A), event(2, 8, B), event(3, 8, B)]);
    await put(IDENTITY_OVERRIDES, 1, [{ anchor_id: '8', profile_id: A, version: '4' }]);
    const people = 'SELECT position, profile_id FROM temas.events ORDER BY position';
    expect(await warehouse.query(people)).toEqual([
      { position: '1', profile_id: A },
      { position: '2', profile_id: A },
      { position: '3', profile_id: A },
    ]);
    expect(await warehouse.query(`SELECT count() AS n FROM temas.events WHERE profile_id = '${B}'`)).toEqual([
      { n: '0' },
    ]);
    await put(IDENTITY_OVERRIDES, 1, [{ anchor_id: '8', profile_id: B, version: '9' }]);
    expect(await warehouse.query(`SELECT count() AS n FROM temas.events WHERE profile_id = '${B}'`)).toEqual([
      { n: '2' },
    ]);
    expect(await warehouse.query('SELECT anchor_id, profile_id FROM temas.identity_overrides')).toEqual([
      { anchor_id: '8', profile_id: B },
    ]);
  });

  it('show the visit of now for rows written before two were joined', async () => {
    await put(EVENTS, 1, [{ ...event(5, 7, A), session_id: B, kind: 'page' }]);
    await put(SESSION_OVERRIDES, 1, [{ session_id: B, moved_to: A, version: '6' }]);
    expect(await warehouse.query(`SELECT session_id FROM temas.events WHERE kind = 'page'`)).toEqual([
      { session_id: A },
    ]);
    await warehouse.command(`ALTER TABLE temas_store.events_v1 DELETE WHERE kind = 'page'`);
  });

  it('show the newest version of a profile and no absorbed one, without FINAL', async () => {
    await put(PROFILES, 1, [
      { profile_id: A, event_count: '1', version: '1' },
      { profile_id: B, event_count: '1', version: '1' },
    ]);
    await put(PROFILES, 1, [{ profile_id: A, event_count: '3', version: '5' }]);
    await put(PROFILES, 1, [{ profile_id: B, version: '6', is_deleted: '1' }]);
    const rows = await warehouse.query('SELECT profile_id, event_count FROM temas.profiles');
    expect(rows).toEqual([{ profile_id: A, event_count: '3' }]);
  });

  it('show the newest profile of an identifier', async () => {
    await put(IDENTITIES, 1, [{ namespace: 'email', anchor_id: '8', profile_id: B, version: '1' }]);
    await put(IDENTITIES, 1, [{ namespace: 'email', anchor_id: '8', profile_id: A, version: '2' }]);
    expect(await warehouse.query('SELECT namespace, profile_id FROM temas.identities')).toEqual([
      { namespace: 'email', profile_id: A },
    ]);
  });

  it('keep workspaces apart, each in its own database', async () => {
    await createViews(warehouse, 'shop_b', 1);
    await put(EVENTS, 1, [{ ...event(9, 9, A), workspace: 'shop_b' }]);
    expect(await warehouse.query('SELECT position FROM temas_shop_b.events')).toEqual([{ position: '9' }]);
    expect(await warehouse.query('SELECT count() AS n FROM temas.events')).toEqual([{ n: '3' }]);
  });

  it('pass conditions on the key through to the table', async () => {
    const plan = await warehouse.query<{ explain: string }>(
      `EXPLAIN indexes = 1 SELECT * FROM temas.events
       WHERE anchor_id = 8 AND occurred_at > '2026-01-01 00:00:00'`,
    );
    const text = plan.map(({ explain }) => explain).join('\n');
    expect(text).toMatch(/PrimaryKey[\s\S]*anchor_id[\s\S]*occurred_at/);
  });
});

describe('generations', () => {
  it('have equal digests where their rows are equal, whatever the order and the parts', async () => {
    await migrate(warehouse, 2);
    await put(EVENTS, 2, [event(3, 8, B)]);
    await put(EVENTS, 2, [event(2, 8, B), event(1, 7, A)]);
    await put(IDENTITY_OVERRIDES, 2, [{ anchor_id: '8', profile_id: B, version: '9' }]);
    await put(PROFILES, 2, [{ profile_id: A, event_count: '3', version: '5' }]);
    await put(IDENTITIES, 2, [{ namespace: 'email', anchor_id: '8', profile_id: A, version: '2' }]);
    const live = await digest(warehouse, 'default');
    expect(await digest(warehouse, 'default', 2)).toEqual(live);
    expect(live.events?.rows).toBe(3);
    await put(EVENTS, 2, [event(4, 8, B)]);
    const more = await digest(warehouse, 'default', 2);
    expect(more.events?.rows).toBe(4);
    expect(more.events?.sha256).not.toBe(live.events?.sha256);
    expect(more.profiles).toEqual(live.profiles);
  });

  it('are promoted by replacing the views, and dropped once nobody reads them', async () => {
    expect(await readEpoch(warehouse)).toBeUndefined();
    await writeEpoch(warehouse, { epoch: 'e1', generation: 1 });
    await createViews(warehouse, 'default', 2);
    await writeEpoch(warehouse, { epoch: 'e2', generation: 2 });
    expect(await readEpoch(warehouse)).toEqual({ epoch: 'e2', generation: 2 });
    expect(await warehouse.query('SELECT count() AS n FROM temas.events')).toEqual([{ n: '4' }]);
    await expect(dropGeneration(warehouse, 2)).rejects.toBeInstanceOf(GenerationInUse);
    await dropGeneration(warehouse, 1);
    expect(await listGenerations(warehouse)).toEqual([2]);
    expect(await warehouse.query('SELECT DISTINCT generation FROM temas_store.migrations')).toEqual([
      { generation: 2 },
    ]);
  });
});

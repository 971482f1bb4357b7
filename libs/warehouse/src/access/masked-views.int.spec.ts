import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { migrate } from '../schema/migrate.ts';
import { createViews, VIEWS } from '../schema/views.ts';
import { admitAnalysts } from './analyst-access.ts';
import { maskedViews } from './masked-views.ts';

let path: string;
let engine: EmbeddedWarehouse;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-masked-'));
  engine = await startEmbeddedWarehouse({ path });
  await migrate(engine, 1);
  await createViews(engine, 'default', 1);
}, 60_000);

afterAll(async () => {
  await engine.close();
  await rm(path, { recursive: true });
});

it('shows every view with the same columns and types, and no personal value', async () => {
  await engine.command(
    `INSERT INTO temas_store.profiles_v1 (workspace, profile_id, email, phone, user_ids, traits, version)
     SELECT 'default', generateUUIDv4(), 'ada@example.com', '+905551112233', ['u-1'], '{"name":"Ada"}', 1`,
  );
  for (const statement of maskedViews('default')) await engine.command(statement);
  for (const { name, columns } of VIEWS) {
    const described = await engine.query<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE database = 'temas_masked' AND table = '${name}' ORDER BY position`,
    );
    expect([name, described.map((column) => column.name)]).toEqual([
      name,
      columns.map((column) => column.name),
    ]);
    await engine.query(`SELECT * FROM temas_masked.${name} LIMIT 1`);
  }
  const [row] = await engine.query<Record<string, unknown>>(
    'SELECT email, phone, user_ids, traits FROM temas_masked.profiles',
  );
  expect(row).toEqual({ email: '…@example.com', phone: '…', user_ids: [], traits: '{}' });
}, 60_000);

it('is told where the engine makes no users, as the embedded one', async () => {
  await expect(admitAnalysts(engine, ['default'], 'a-long-password-1')).rejects.toMatchObject({
    code: 'WAREHOUSE.REJECTED',
    errorNumber: 497,
  });
}, 60_000);

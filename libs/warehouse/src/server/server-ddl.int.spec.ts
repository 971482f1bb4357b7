import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analystStatements } from '../access/analyst-access.ts';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { dropGeneration } from '../schema/generations.ts';
import { migrate } from '../schema/migrate.ts';
import { OVERRIDES, reloadDictionary } from '../schema/overrides.ts';
import { createViews } from '../schema/views.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { serverStatement } from './server-statement.ts';

const SERVER = { user: 'temas', password: "it's" };
const CLUSTER = { ...SERVER, cluster: 'temas' };

let path: string;
let engine: EmbeddedWarehouse;
let statements: readonly string[];

/** Every statement that defines something, in the order of a first start and the end of a generation. */
async function definitions(): Promise<string[]> {
  const told: string[] = [];
  const recorder = {
    command: async (sql: string) => void told.push(sql),
    query: async (sql: string) =>
      /kind FROM system.tables/.test(sql)
        ? [
            { name: 'open_identity_overrides_v1', kind: 'DICTIONARY' },
            { name: 'events_v1', kind: 'TABLE' },
          ]
        : [],
  } as unknown as Warehouse;
  await migrate(recorder, 1);
  await createViews(recorder, 'default', 1);
  for (const override of OVERRIDES) await reloadDictionary(recorder, override, 1);
  await dropGeneration(recorder, 1);
  return [...told, ...analystStatements(['default', 'shop'], 'a-long-password-1')];
}

/** As the engine itself writes it: a statement that it cannot parse throws. */
async function parsed(statement: string): Promise<string> {
  const [row] = await engine.query<{ sql: string }>('SELECT formatQuery({statement:String}) AS sql', {
    statement: statement.replaceAll(/\{(\w+):(\w+)\}/g, '0'),
  });
  return row?.sql as string;
}

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-ddl-'));
  engine = await startEmbeddedWarehouse({ path });
  statements = await definitions();
});

afterAll(async () => {
  await engine.close();
  await rm(path, { recursive: true });
});

describe('definitions for a server', () => {
  it('are those of the snapshot, and the engine can parse them', async () => {
    const server = statements.map((statement) => serverStatement(statement, SERVER));
    expect(server).toMatchSnapshot();
    for (const statement of server) expect(await parsed(statement)).toMatch(/./);
  });
});

describe('definitions for a cluster (no cluster runs here: only their text is checked)', () => {
  it('are those of the snapshot, and the engine can parse them', async () => {
    const cluster = statements.map((statement) => serverStatement(statement, CLUSTER));
    expect(cluster).toMatchSnapshot();
    for (const statement of cluster) expect(await parsed(statement)).toMatch(/./);
  });

  it('reach every replica, and leave no table unreplicated', () => {
    for (const statement of statements) {
      const told = serverStatement(statement, CLUSTER);
      const changesRows = /^(INSERT|DELETE) /.test(statement);
      expect([statement, told.includes("ON CLUSTER 'temas'")]).toEqual([statement, !changesRows]);
      if (statement.startsWith('CREATE TABLE')) expect(told).toMatch(/ENGINE = Replicated\w*MergeTree\('/);
      expect(told).not.toContain('non_replicated_deduplication_window');
    }
  });
});

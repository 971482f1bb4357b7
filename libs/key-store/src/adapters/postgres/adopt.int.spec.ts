import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshSchema, postgresReachable, reachPostgres, saySkipped } from '#test/postgres-server';
import type { ReachedPostgres } from '#test/postgres-server';
import type { Ref, Workspace } from '#kernel';
import type { ResolveRequest } from '../../key-store.port.ts';
import { openEmbeddedKeyStore } from '../embedded/open-embedded-key-store.ts';
import { readHeldKeys } from '../embedded/read-held-keys.ts';
import { openPostgresKeyStore } from './open-postgres-key-store.ts';

const WORKSPACE = 'default' as Workspace;
const PEOPLE = 1_200;
const quiet = (): void => undefined;

if (!postgresReachable()) saySkipped('moving keys into PostgreSQL');

(postgresReachable() ? describe : describe.skip)('keys of an embedded store, taken over', () => {
  let postgres: ReachedPostgres;
  let path: string;
  beforeAll(async () => {
    postgres = await reachPostgres();
    path = mkdtempSync(join(tmpdir(), 'temas-adopt-'));
  }, 90_000);
  afterAll(async () => {
    await postgres.stop();
    rmSync(path, { recursive: true });
  });

  const masterKey = (): Buffer => Buffer.alloc(32, 9);
  const named = (value: string): { namespace: string; value: string } => ({ namespace: 'user_id', value });
  const asked = (n: number): ResolveRequest => ({
    workspace: WORKSPACE,
    // The second one of each has a ref and no key.
    identifiers: [named(`anchor ${n}`), named(`beside ${n}`)],
    anchor: 0,
  });
  const requests = Array.from({ length: PEOPLE }, (_, n) => asked(n));

  it('are the same refs and keys, what was erased is gone, what is refused stays refused', async () => {
    const old = await openEmbeddedKeyStore({ path, masterKey: masterKey() });
    const before = await old.resolve(requests);
    const gone = await old.find(WORKSPACE, named('anchor 7'));
    await old.erase({ workspace: WORKSPACE, refs: [gone as Ref], suppress: [gone as Ref] });
    await old.close();

    const held = await readHeldKeys({ path, masterKey: masterKey() });
    const store = await openPostgresKeyStore({
      url: postgres.url,
      schema: freshSchema(),
      masterKey: masterKey(),
    });
    await store.adopt(held, quiet);
    await store.adopt(held, quiet);
    const after = await store.resolve(requests);
    expect(after[7]).toEqual({ outcome: 'suppressed' });
    expect(await store.keysOf([gone as Ref])).toEqual([null]);
    const others = (all: readonly unknown[]): unknown[] => all.filter((_, n) => n !== 7);
    expect(others(after)).toEqual(others(before));
    await store.close();
  }, 120_000);

  it('are refused by a store that has minted its own', async () => {
    const held = await readHeldKeys({ path, masterKey: masterKey() });
    const store = await openPostgresKeyStore({
      url: postgres.url,
      schema: freshSchema(),
      masterKey: masterKey(),
    });
    await store.resolve([asked(1)]);
    await expect(store.adopt(held, quiet)).rejects.toMatchObject({ code: 'KEY_STORE.FOREIGN_KEYS' });
    await store.close();
  }, 120_000);
});

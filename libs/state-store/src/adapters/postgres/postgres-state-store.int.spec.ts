import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshSchema, onPostgres, postgresReachable, reachPostgres, saySkipped } from '#test/postgres-server';
import type { ReachedPostgres } from '#test/postgres-server';
import { keysOf, put } from '../../scan.contract.ts';
import { stateStoreContract } from '../../state-store.contract.ts';
import { stateStoresContract } from '../../state-stores.contract.ts';
import { openPostgresStateStore } from './postgres-state-store.ts';
import { openPostgresStateStores } from './postgres-state-stores.ts';

let postgres: ReachedPostgres;

if (postgresReachable()) {
  beforeAll(async () => {
    postgres = await reachPostgres();
  }, 120_000);
  afterAll(() => postgres.stop(), 60_000);

  stateStoreContract('the PostgreSQL store', async () => {
    const options = { url: postgres.url, schema: freshSchema(), name: 'v1' };
    let store = await openPostgresStateStore(options);
    return {
      store,
      async reopen() {
        await store.close();
        store = await openPostgresStateStore(options);
        return store;
      },
      async destroy() {
        await store.close();
        await onPostgres(postgres.url, `DROP SCHEMA ${options.schema} CASCADE`);
      },
    };
  });

  stateStoresContract('the PostgreSQL stores', async () => {
    const options = { url: postgres.url, schema: freshSchema() };
    let stores = await openPostgresStateStores(options);
    return {
      stores,
      async reopen() {
        await stores.close();
        stores = await openPostgresStateStores(options);
        return stores;
      },
      async destroy() {
        await stores.close();
        await onPostgres(postgres.url, `DROP SCHEMA ${options.schema} CASCADE`);
      },
    };
  });
} else {
  saySkipped('state stores in PostgreSQL');
  it.skip('needs PostgreSQL', () => undefined);
}

(postgresReachable() ? describe : describe.skip)('openPostgresStateStore', () => {
  const schemas: string[] = [];
  const fresh = (): { url: string; schema: string; name: string } => {
    schemas.push(freshSchema());
    return { url: postgres.url, schema: schemas.at(-1) as string, name: 'v1' };
  };

  afterAll(async () => {
    for (const schema of schemas) await onPostgres(postgres.url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });

  it('lets many processes make the same tables and store at once', async () => {
    const options = fresh();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgresStateStore(options)));
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('refuses tables of a newer version, and names that are none', async () => {
    const options = fresh();
    await (await openPostgresStateStore(options)).close();
    await onPostgres(
      postgres.url,
      `INSERT INTO ${options.schema}.migrations (component, version) VALUES ('state-store', 99)`,
    );
    await expect(openPostgresStateStore(options)).rejects.toMatchObject({ code: 'POSTGRES.SCHEMA_TOO_NEW' });
    await expect(openPostgresStateStore({ ...fresh(), name: 'v1; DROP' })).rejects.toMatchObject({
      code: 'STATE_STORE.BAD_NAME',
    });
    await expect(openPostgresStateStore({ ...fresh(), schema: 'Bad' })).rejects.toMatchObject({
      code: 'POSTGRES.BAD_SCHEMA_NAME',
    });
  });

  it('scans far more than a page as of one moment, and holds no connection once it has all', async () => {
    const store = await openPostgresStateStore({ ...fresh(), poolSize: 2 });
    const keys = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(6, '0'));
    await store.commit(keys.map((key) => put('rows', key, key)));
    for (const reverse of [false, true]) {
      const expected = reverse ? [...keys].reverse() : keys;
      expect(await keysOf(store, { collection: 'rows', reverse })).toEqual(expected);
      expect(await keysOf(store, { collection: 'rows', reverse, limit: 5_000 })).toEqual(
        expected.slice(0, 5_000),
      );
    }
    const open = Array.from({ length: 10 }, () =>
      store.scan({ collection: 'rows', lt: '000010' })[Symbol.asyncIterator](),
    );
    for (const scan of open) expect((await scan.next()).value).toMatchObject({ key: '000000' });
    expect(await store.checkpoint('none')).toBe(0n);
    await store.close();
  });

  it('says that a dropped store is gone, and that no database answers', async () => {
    const options = fresh();
    const store = await openPostgresStateStore(options);
    const stores = await openPostgresStateStores(options);
    await stores.drop(1);
    await stores.close();
    const failed = { code: 'STATE_STORE.FAILED' };
    await expect(store.commit([put('rows', 'k', 'v')])).rejects.toMatchObject(failed);
    await expect(store.read([{ collection: 'rows', key: 'k' }])).rejects.toMatchObject(failed);
    await expect(keysOf(store, { collection: 'rows' })).rejects.toMatchObject(failed);
    await store.close();
    await expect(
      openPostgresStateStore({ url: 'postgres://nobody@127.0.0.1:1/none', name: 'v1' }),
    ).rejects.toMatchObject({ code: 'STATE_STORE.UNAVAILABLE' });
  });
});

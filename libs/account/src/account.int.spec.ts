import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { openRocksStateStore, UnitOfWork, type StateStore } from '#state-store';
import { MEMBERS } from './account-rows.ts';
import { foldAccount, loadAccounts } from './fold-account.ts';
import { input, readAccount, storeOf } from './testing/inputs.ts';

let folder: string;
let store: StateStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temas-account-'));
  store = await openRocksStateStore({ path: join(folder, 'state') });
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('accounts in the state store', () => {
  it('read after each commit as the fold knows them, and all accounts of an anchor by one scan', async () => {
    const traits = JSON.parse('{"name":"Çelik A.Ş.","__proto__":1}') as Record<string, unknown>;
    const inputs = [
      input({ place: 1, traits }),
      input({ place: 2, at: 2_000, traits: { name: null } }),
      input({ place: 3, at: 3_000, anchor: '12' as Ref }),
      input({ place: 4, at: 4_000, accountId: 'şube/1' }),
    ];
    for (const [i, one] of inputs.entries()) {
      const work = new UnitOfWork(store);
      await loadAccounts(work, [one]);
      foldAccount(work, one);
      await store.commit(work.writes());
      expect(await readAccount(store, one)).toEqual(
        await readAccount(await storeOf([inputs.slice(0, i + 1)]), one),
      );
    }
    const found: string[] = [];
    // `0` comes after `/`: the range holds the keys that begin with `1/`.
    for await (const { value } of store.scan({ collection: MEMBERS.name, gte: '1/', lt: '10' })) {
      found.push(MEMBERS.decode(value).accountId);
    }
    expect(found).toEqual(['acme', 'şube/1']);
  });
});

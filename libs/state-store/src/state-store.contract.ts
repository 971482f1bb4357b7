import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drop, keysOf, put, scanContract } from './scan.contract.ts';
import type { ScanRange, StateStore } from './state-store.port.ts';

/** A store under test. `reopen` closes it and opens the same data again; `destroy` closes and removes all. */
export interface StoreUnderTest {
  readonly store: StateStore;
  reopen(): Promise<StateStore>;
  destroy(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What every adapter of `StateStore` does, run unmodified against each. `open` makes an empty store. */
export function stateStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of StateStore`, () => {
    let subject: StoreUnderTest;
    let store: StateStore;

    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });

    afterAll(() => subject.destroy());

    const scanned = (range: ScanRange): Promise<string[]> => keysOf(store, range);

    async function texts(collection: string, ...keys: string[]): Promise<(string | null)[]> {
      const values = await store.read(keys.map((key) => ({ collection, key })));
      return values.map((value) => value && value.toString());
    }

    it('reads what was committed, in the order asked, null where there is no row', async () => {
      expect(await store.commit([put('crud', 'a', '1'), put('crud', 'b', '2')])).toEqual({
        outcome: 'committed',
      });
      expect(await texts('crud', 'b', 'none', 'a', 'b')).toEqual(['2', null, '1', '2']);
      expect(await store.read([])).toEqual([]);
    });

    it('deletes, overwrites, and lets the last write of a row in one commit win', async () => {
      await store.commit([put('crud2', 'a', 'old'), put('crud2', 'b', 'old')]);
      await store.commit([
        put('crud2', 'a', 'new'),
        drop('crud2', 'b'),
        drop('crud2', 'never'),
        put('crud2', 'c', 'first'),
        put('crud2', 'c', 'last'),
      ]);
      expect(await texts('crud2', 'a', 'b', 'never', 'c')).toEqual(['new', null, null, 'last']);
    });

    it('tells an empty value from no row, and takes views of larger buffers', async () => {
      const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
      await store.commit([put('bytes', 'empty', ''), { collection: 'bytes', key: 'view', value: view }]);
      expect(await store.read([{ collection: 'bytes', key: 'empty' }])).toEqual([Buffer.alloc(0)]);
      expect(await store.read([{ collection: 'bytes', key: 'view' }])).toEqual([Buffer.from([2, 3])]);
    });

    it('takes the empty key and keys with a zero byte', async () => {
      await store.commit([put('odd', '', 'empty'), put('odd', 'a\u0000b', 'zero'), put('odd', 'a', 'plain')]);
      expect(await texts('odd', '', 'a\u0000b', 'a')).toEqual(['empty', 'zero', 'plain']);
      expect(await scanned({ collection: 'odd' })).toEqual(['', 'a', 'a\u0000b']);
    });

    scanContract(() => store);

    it('keeps collections apart, also where one name begins with the other', async () => {
      const names = ['or', 'order', 'order.', 'order.items', 'order0', 'orders'];
      await store.commit(names.map((collection) => put(collection, 'k', collection)));
      for (const collection of names) {
        expect(await texts(collection, 'k')).toEqual([collection]);
        expect(await scanned({ collection })).toEqual(['k']);
        expect(await scanned({ collection, reverse: true })).toEqual(['k']);
      }
    });

    it.each(['', 'Upper', 'a b', 'a\u0000b', 'ç', 'x'.repeat(33)])(
      'refuses %j as a collection and writes nothing of that commit',
      async (collection) => {
        const code = { code: 'STATE_STORE.BAD_COLLECTION' };
        await expect(
          store.commit([put('refused', 'k', 'v'), put(collection, 'k', 'v')]),
        ).rejects.toMatchObject(code);
        await expect(store.read([{ collection, key: 'k' }])).rejects.toMatchObject(code);
        await expect(scanned({ collection })).rejects.toMatchObject(code);
        expect(await texts('refused', 'k')).toEqual([null]);
      },
    );

    describe('checkpoints', () => {
      it('stand at zero until they are moved, and move only from where they are believed', async () => {
        expect(await store.checkpoint('cas')).toBe(0n);
        const first = await store.commit(
          [put('cas', 'k', '1')],
          [{ name: 'cas', expected: 0n, next: 4096n }],
        );
        expect(first).toEqual({ outcome: 'committed' });
        const second = await store.commit([put('cas', 'k', '2')], [{ name: 'cas', expected: 0n, next: 9n }]);
        expect(second).toEqual({ outcome: 'conflict', name: 'cas', actual: 4096n });
        expect(await store.checkpoint('cas')).toBe(4096n);
        expect(await texts('cas', 'k')).toEqual(['1']);
      });

      it('take the whole range of a position', async () => {
        const most = 2n ** 64n - 1n;
        await store.commit([], [{ name: 'most', expected: 0n, next: most }]);
        expect(await store.checkpoint('most')).toBe(most);
      });

      it('move several in one commit, all or none', async () => {
        const moves = (expected: bigint, next: bigint) =>
          ['many.a', 'many.b', 'many.c'].map((name) => ({ name, expected, next }));
        expect(await store.commit([], moves(0n, 5n))).toEqual({ outcome: 'committed' });
        await store.commit([], [{ name: 'many.c', expected: 5n, next: 6n }]);
        const result = await store.commit([put('many', 'k', 'v')], moves(5n, 7n));
        expect(result).toEqual({ outcome: 'conflict', name: 'many.c', actual: 6n });
        const stand = await Promise.all(['many.a', 'many.b', 'many.c'].map((mark) => store.checkpoint(mark)));
        expect(stand).toEqual([5n, 5n, 6n]);
        expect(await texts('many', 'k')).toEqual([null]);
      });

      it('are no rows of any collection', async () => {
        await store.commit([], [{ name: 'apart', expected: 0n, next: 1n }]);
        expect(await texts('apart', '', 'apart')).toEqual([null, null]);
        expect(await texts('checkpoint', 'apart')).toEqual([null]);
      });

      it('let one of several concurrent commits through', async () => {
        const results = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            store.commit(
              [put('race', 'winner', `${i}`)],
              [{ name: 'race', expected: 0n, next: BigInt(i + 1) }],
            ),
          ),
        );
        const won = results.flatMap(({ outcome }, i) => (outcome === 'committed' ? [i] : []));
        expect(won).toHaveLength(1);
        expect(await store.checkpoint('race')).toBe(BigInt((won[0] as number) + 1));
        expect(await texts('race', 'winner')).toEqual([`${won[0]}`]);
      });
    });

    it('applies concurrent commits without a checkpoint, every one', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => String(i).padStart(3, '0'));
      await Promise.all(keys.map((key) => store.commit([put('concurrent', key, key)])));
      expect(await scanned({ collection: 'concurrent' })).toEqual(keys);
    });

    it('takes a commit of nothing', async () => {
      expect(await store.commit([])).toEqual({ outcome: 'committed' });
    });

    it('keeps values of 1 MB', async () => {
      const value = Buffer.alloc(1024 * 1024, 'large value, ');
      await store.commit([{ collection: 'large', key: 'k', value }]);
      const [found] = await store.read([{ collection: 'large', key: 'k' }]);
      expect(found?.equals(value)).toBe(true);
    });

    it('commits 50,000 rows at once', async () => {
      const keys = Array.from({ length: 50_000 }, (_, i) => String(i).padStart(6, '0'));
      await store.commit(keys.map((key) => put('rows', key, `v${key}`)));
      const found = await texts('rows', ...keys);
      expect(found.every((value, i) => value === `v${keys[i]}`)).toBe(true);
      expect(await scanned({ collection: 'rows' })).toEqual(keys);
    });

    it('answers sync, also several at once and with nothing new', async () => {
      await store.commit([put('synced', 'k', 'v')]);
      await Promise.all([store.sync(), store.sync()]);
      await expect(store.sync()).resolves.toBeUndefined();
    });

    it('keeps rows, checkpoints and epoch when it is opened again', async () => {
      const { epoch } = store;
      expect(epoch).toMatch(UUID);
      await store.commit([put('kept', 'k', 'v')], [{ name: 'kept', expected: 0n, next: 77n }]);
      store = await subject.reopen();
      expect(store.epoch).toBe(epoch);
      expect(await texts('kept', 'k')).toEqual(['v']);
      expect(await store.checkpoint('kept')).toBe(77n);
      const stale = await store.commit([], [{ name: 'kept', expected: 0n, next: 1n }]);
      expect(stale).toEqual({ outcome: 'conflict', name: 'kept', actual: 77n });
    });

    it('mints an epoch of its own for every new store', async () => {
      const other = await open();
      expect(other.store.epoch).not.toBe(store.epoch);
      await other.destroy();
    });

    it('finishes the commits under way, cuts the scans, and refuses every use after close', async () => {
      const other = await open();
      await other.store.commit([put('closing', 'a', '1'), put('closing', 'b', '2')]);
      const abandoned = other.store.scan({ collection: 'closing' })[Symbol.asyncIterator]();
      await abandoned.next();
      const underWay = other.store.commit([put('closing', 'c', '3')]);
      await Promise.all([other.store.close(), other.store.close()]);
      await other.store.close();
      expect(await underWay).toEqual({ outcome: 'committed' });

      const closed = { code: 'STATE_STORE.CLOSED' };
      await expect(abandoned.next()).rejects.toMatchObject(closed);
      await expect(other.store.read([{ collection: 'closing', key: 'a' }])).rejects.toMatchObject(closed);
      await expect(other.store.commit([])).rejects.toMatchObject(closed);
      await expect(other.store.checkpoint('closing')).rejects.toMatchObject(closed);
      await expect(other.store.sync()).rejects.toMatchObject(closed);
      const late = other.store.scan({ collection: 'closing' })[Symbol.asyncIterator]();
      await expect(late.next()).rejects.toMatchObject(closed);
      await other.destroy();
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keysOf, put } from './scan.contract.ts';
import type { StateStores } from './state-stores.port.ts';

/** State stores under test. `reopen` closes them and opens the same data again; `destroy` closes and removes all. */
export interface StoresUnderTest {
  readonly stores: StateStores;
  reopen(): Promise<StateStores>;
  destroy(): Promise<void>;
}

/** What every adapter of `StateStores` does, run unmodified against each. `open` makes empty ones. */
export function stateStoresContract(name: string, open: () => Promise<StoresUnderTest>): void {
  describe(`${name} keep the contract of StateStores`, () => {
    let subject: StoresUnderTest;
    let stores: StateStores;

    beforeAll(async () => {
      subject = await open();
      stores = subject.stores;
    });

    afterAll(() => subject.destroy());

    it('begin with generation 1, and no store', async () => {
      expect(await stores.readCurrent()).toBe(1);
      expect(await stores.list()).toEqual([]);
    });

    it('keep generations apart, each with an epoch of its own', async () => {
      const [one, ten] = [await stores.open(1), await stores.open(10)];
      expect(one.epoch).not.toBe(ten.epoch);
      await one.commit([put('rows', 'k', 'one')], [{ name: 'mark', expected: 0n, next: 7n }]);
      expect(await keysOf(ten, { collection: 'rows' })).toEqual([]);
      expect(await ten.checkpoint('mark')).toBe(0n);
      await (await stores.open(2)).close();
      expect(await stores.list()).toEqual([1, 2, 10]);
      await one.close();
      await ten.close();
    });

    it('drop one generation and leave the others', async () => {
      const before = await stores.open(10);
      const { epoch } = before;
      await before.commit([put('rows', 'k', 'v')], [{ name: 'mark', expected: 0n, next: 7n }]);
      await before.close();
      await stores.drop(10);
      await stores.drop(10);
      await stores.drop(99);
      expect(await stores.list()).toEqual([1, 2]);
      const again = await stores.open(10);
      expect(again.epoch).not.toBe(epoch);
      expect(await keysOf(again, { collection: 'rows' })).toEqual([]);
      expect(await again.checkpoint('mark')).toBe(0n);
      await again.close();
    });

    it('keep the note of the current generation, and the generations, when they are opened again', async () => {
      await stores.writeCurrent(2);
      await stores.writeCurrent(10);
      stores = await subject.reopen();
      expect(await stores.readCurrent()).toBe(10);
      expect(await stores.list()).toEqual([1, 2, 10]);
      const one = await stores.open(1);
      expect(await one.checkpoint('mark')).toBe(7n);
      await one.close();
    });

    it('give trials stores that are no generations, and throw them away', async () => {
      const [before, after] = [await stores.openScratch('before'), await stores.openScratch('after')];
      await before.commit([put('rows', 'k', 'v')]);
      expect(await keysOf(after, { collection: 'rows' })).toEqual([]);
      expect(await keysOf(before, { collection: 'rows' })).toEqual(['k']);
      expect(await stores.list()).toEqual([1, 2, 10]);
      await before.close();
      await after.close();
      await stores.dropScratch();
      await stores.dropScratch();
      const again = await stores.openScratch('before');
      expect(await keysOf(again, { collection: 'rows' })).toEqual([]);
      await again.close();
      await stores.dropScratch();
    });

    it('close twice', async () => {
      const other = await open();
      await other.stores.close();
      await other.stores.close();
      await other.destroy();
    });
  });
}

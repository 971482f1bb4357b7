import { describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import type { KeyStore } from './key-store.port.ts';
import {
  ALI,
  DEVICE,
  email,
  OTHER,
  people,
  refs,
  refsOf,
  resolved,
  SHOP,
  touch,
  touchAll,
  VELI,
  type KeyStoreUnderTest,
} from './contract-fixtures.ts';

/** The part of `keyStoreContract` on erasing and suppression. */
export function erasingContract(fresh: () => Promise<KeyStoreUnderTest>): void {
  describe('erasing', () => {
    it('destroys keys and references, and leaves all others as they were', async () => {
      const { store, reopen } = await fresh();
      // Enough of them that the erased ones have neighbours under the same bucket keys.
      const all = await touchAll(store, people(2_000));
      const dead = all.slice(0, 20);
      const living = all.slice(20);
      const report = await store.erase({ workspace: SHOP, refs: refs(dead), suppress: [] });
      expect(report).toMatchObject({ keys: 20, identifiers: 20 });
      expect(report.buckets).toBeGreaterThan(0);
      for (const read of [(): KeyStore => store, reopen]) {
        const reader = await read();
        expect(await reader.keysOf(refs(dead))).toEqual(dead.map(() => null));
        expect(await reader.keysOf(refs(living))).toEqual(living.map(({ key }) => key));
      }
    });

    it('gives an erased identifier that is not suppressed another ref and key', async () => {
      const { store, reopen } = await fresh();
      const first = await touch(store, ALI);
      await store.erase({ workspace: SHOP, refs: [first.anchorRef], suppress: [] });
      expect(await store.find(SHOP, ALI)).toBeUndefined();
      const second = await touch(store, ALI);
      expect(second.anchorRef).not.toBe(first.anchorRef);
      expect(second.key).not.toEqual(first.key);
      const reopened = await reopen();
      expect(await reopened.find(SHOP, ALI)).toBe(second.anchorRef);
      expect(await reopened.keysOf([first.anchorRef, second.anchorRef])).toEqual([null, second.key]);
    });

    it('erases refs without a key and those of unattributed events', async () => {
      const { store } = await fresh();
      const [[device], loose] = await Promise.all([
        store
          .resolve([{ workspace: SHOP, identifiers: [DEVICE, ALI], anchor: 1 }])
          .then(([resolution]) => refsOf(resolution) as [Ref]),
        store
          .resolve([{ workspace: SHOP, identifiers: [], anchor: -1 }])
          .then(([resolution]) => resolved(resolution)),
      ]);
      const asked = [device, loose.anchorRef];
      expect(await store.erase({ workspace: SHOP, refs: asked, suppress: asked })).toMatchObject({
        keys: 1,
        identifiers: 1,
      });
      expect(await store.find(SHOP, DEVICE)).toBe('suppressed');
      expect(await store.keysOf(asked)).toEqual([null, null]);
    });

    it('may be repeated and names nothing that is not there', async () => {
      const { store } = await fresh();
      const { anchorRef } = await touch(store, ALI);
      const request = {
        workspace: SHOP,
        refs: [anchorRef, anchorRef, '77' as Ref, 'no ref' as Ref],
        suppress: [anchorRef],
      };
      expect(await store.erase(request)).toEqual({ keys: 1, identifiers: 1, buckets: 1 });
      expect(await store.erase(request)).toEqual({ keys: 0, identifiers: 0, buckets: 0 });
      expect(await store.find(SHOP, ALI)).toBe('suppressed');
    });

    it('is right beside resolves, reads and other erasures under way', async () => {
      const { store, reopen } = await fresh();
      const all = await touchAll(store, people(300));
      const dead = all.slice(0, 60);
      const living = all.slice(60);
      const newcomers = people(300).map(({ value }) => email(`new-${value}`));
      const [minted] = await Promise.all([
        Promise.all(newcomers.map((identifier) => touch(store, identifier))),
        store.erase({ workspace: SHOP, refs: refs(dead.slice(0, 30)), suppress: refs(dead) }),
        store.erase({ workspace: SHOP, refs: refs(dead.slice(30)), suppress: refs(dead) }),
        (async (): Promise<void> => {
          for (let i = 0; i < 20; i++) {
            expect(await store.keysOf(refs(living))).toEqual(living.map(({ key }) => key));
          }
        })(),
      ]);
      for (const read of [(): KeyStore => store, reopen]) {
        const reader = await read();
        expect(await reader.keysOf(refs(dead))).toEqual(dead.map(() => null));
        expect(await reader.keysOf(refs(minted))).toEqual(minted.map(({ key }) => key));
        expect(await reader.keysOf(refs(living))).toEqual(living.map(({ key }) => key));
      }
    });
  });

  describe('suppression', () => {
    it('refuses a suppressed anchor and strips it elsewhere, also after reopening', async () => {
      const { store, reopen } = await fresh();
      const { anchorRef } = await touch(store, ALI);
      await store.erase({ workspace: SHOP, refs: [anchorRef], suppress: [anchorRef] });
      for (const read of [(): KeyStore => store, reopen]) {
        const reader = await read();
        expect(await reader.find(SHOP, ALI)).toBe('suppressed');
        const [refused, stripped, loose] = await reader.resolve([
          { workspace: SHOP, identifiers: [ALI, email('beside@example.com')], anchor: 0 },
          { workspace: SHOP, identifiers: [VELI, ALI], anchor: 0 },
          { workspace: SHOP, identifiers: [ALI], anchor: -1 },
        ]);
        expect(refused).toEqual({ outcome: 'suppressed' });
        expect(refsOf(stripped)).toEqual([resolved(stripped).anchorRef, null]);
        expect(refsOf(loose)).toEqual([null]);
        expect(await reader.find(SHOP, email('beside@example.com'))).toBeUndefined();
      }
    });

    it('is of one workspace', async () => {
      const { store } = await fresh();
      const elsewhere = await touch(store, ALI, OTHER);
      const { anchorRef } = await touch(store, ALI);
      await store.erase({ workspace: SHOP, refs: [anchorRef], suppress: [anchorRef] });
      expect(await touch(store, ALI, OTHER)).toEqual(elsewhere);
    });

    it('ends by a permit only, with a new ref and key', async () => {
      const { store, reopen } = await fresh();
      const before = await touch(store, ALI);
      expect(await store.permit(SHOP, ALI)).toBe(false);
      const gone = [before.anchorRef];
      await store.erase({ workspace: SHOP, refs: gone, suppress: gone });
      expect(await store.permit(SHOP, ALI)).toBe(true);
      expect(await store.permit(SHOP, ALI)).toBe(false);
      expect(await store.find(SHOP, ALI)).toBeUndefined();
      const after = await touch(store, ALI);
      expect(after.anchorRef).not.toBe(before.anchorRef);
      expect(after.key).not.toEqual(before.key);
      const reopened = await reopen();
      expect(await touch(reopened, ALI)).toEqual(after);
      expect(await reopened.keysOf(gone)).toEqual([null]);
    });
  });
}

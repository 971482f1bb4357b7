import { afterEach, describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import {
  ALI,
  DEVICE,
  OTHER,
  people,
  refsOf,
  resolved,
  type Resolved,
  SHOP,
  touch,
  VELI,
  MASTER_KEY,
  type KeyStoreUnderTest,
} from './contract-fixtures.ts';
import { erasingContract } from './key-store-erasing.contract.ts';

/** What every key store does, whatever it is built on. `open` gives a fresh, empty store each time. */
export function keyStoreContract(
  name: string,
  open: (masterKey: Buffer) => Promise<KeyStoreUnderTest>,
): void {
  describe(`${name} keeps the key store's contract`, () => {
    const opened: KeyStoreUnderTest[] = [];
    const fresh = async (masterKey = MASTER_KEY): Promise<KeyStoreUnderTest> => {
      const subject = await open(masterKey);
      opened.push(subject);
      return subject;
    };
    afterEach(async () => {
      for (const subject of opened.splice(0)) await subject.destroy();
    });

    describe('references', () => {
      it('gives one identifier one ref: in a batch, across calls, and after reopening', async () => {
        const { store, reopen } = await fresh();
        const [first, second] = await store.resolve([
          { workspace: SHOP, identifiers: [ALI, DEVICE], anchor: 0 },
          { workspace: SHOP, identifiers: [DEVICE, ALI], anchor: 1 },
        ]);
        expect(refsOf(second)).toEqual([...refsOf(first)].reverse());
        const again = await touch(store, ALI);
        expect(again.anchorRef).toBe(resolved(first).anchorRef);
        const reopened = await reopen();
        expect((await touch(reopened, ALI)).anchorRef).toBe(again.anchorRef);
      });

      it('mints decimal 63-bit numbers, all different', async () => {
        const { store } = await fresh();
        const resolutions = await store.resolve(
          people(500).map((identifier) => ({ workspace: SHOP, identifiers: [identifier], anchor: 0 })),
        );
        const refs = resolutions.map((resolution) => resolved(resolution).anchorRef);
        expect(new Set(refs).size).toBe(500);
        for (const ref of refs) {
          expect(ref).toMatch(/^[1-9]\d*$/);
          expect(BigInt(ref) < 1n << 63n).toBe(true);
        }
      });

      it('keeps workspaces, namespaces and values apart', async () => {
        const { store } = await fresh();
        const a = await touch(store, ALI);
        const b = await touch(store, ALI, OTHER);
        const c = await touch(store, { namespace: 'user_id', value: ALI.value });
        const d = await touch(store, { namespace: 'emaila', value: ALI.value.slice(1) });
        expect(new Set([a, b, c, d].map(({ anchorRef }) => anchorRef)).size).toBe(4);
      });

      it('gives concurrent calls for new identifiers the same refs and keys', async () => {
        const { store } = await fresh();
        const requests = people(40).map((identifier) => ({
          workspace: SHOP,
          identifiers: [DEVICE, identifier],
          anchor: 1,
        }));
        const answers = await Promise.all(
          Array.from({ length: 8 }, async (_, i) => {
            // Some callers come while an earlier round is under way.
            for (let turns = 0; turns < i; turns++) await new Promise(setImmediate);
            return store.resolve(i % 2 === 0 ? requests : [...requests].reverse());
          }),
        );
        const expected = answers[0] ?? [];
        answers.forEach((answer, i) => {
          expect(i % 2 === 0 ? answer : [...answer].reverse()).toEqual(expected);
        });
      });

      it('answers an empty call, and refuses an anchor that is not there', async () => {
        const { store } = await fresh();
        expect(await store.resolve([])).toEqual([]);
        await expect(
          store.resolve([{ workspace: SHOP, identifiers: [ALI], anchor: 1 }]),
        ).rejects.toMatchObject({ code: 'KEY_STORE.INVALID_ANCHOR' });
        expect(await store.find(SHOP, ALI)).toBeUndefined();
      });

      it('finds without minting', async () => {
        const { store } = await fresh();
        expect(await store.find(SHOP, ALI)).toBeUndefined();
        expect(await store.find(SHOP, ALI)).toBeUndefined();
        const { anchorRef } = await touch(store, ALI);
        expect(await store.find(SHOP, ALI)).toBe(anchorRef);
        expect(await store.find(OTHER, ALI)).toBeUndefined();
      });
    });

    describe('keys', () => {
      it('gives an anchor one 32-byte key for ever', async () => {
        const { store, reopen } = await fresh();
        const first = await touch(store, ALI);
        expect(first.key).toHaveLength(32);
        expect((await touch(store, VELI)).key).not.toEqual(first.key);
        expect((await touch(store, ALI)).key).toEqual(first.key);
        const reopened = await reopen();
        expect(await reopened.keysOf([first.anchorRef])).toEqual([first.key]);
        expect((await touch(reopened, ALI)).key).toEqual(first.key);
      });

      it('gives an identifier no key until it anchors', async () => {
        const { store, reopen } = await fresh();
        const [beside] = refsOf(
          (await store.resolve([{ workspace: SHOP, identifiers: [DEVICE, ALI], anchor: 1 }]))[0],
        ) as [Ref];
        expect(await store.keysOf([beside])).toEqual([null]);
        const reopened = await reopen();
        expect(await reopened.keysOf([beside])).toEqual([null]);
        const anchored = await touch(reopened, DEVICE);
        expect(anchored.anchorRef).toBe(beside);
        expect(await reopened.keysOf([beside])).toEqual([anchored.key]);
      });

      it('gives a cached identifier without a key one when it anchors', async () => {
        const { store, reopen } = await fresh();
        await store.resolve([{ workspace: SHOP, identifiers: [DEVICE, ALI], anchor: 1 }]);
        const anchored = await touch(store, DEVICE);
        const reopened = await reopen();
        expect(await reopened.keysOf([anchored.anchorRef])).toEqual([anchored.key]);
      });

      it('reads keys in order, null where there is none', async () => {
        const { store, reopen } = await fresh();
        const a = await touch(store, ALI);
        const b = await touch(store, VELI);
        const asked = [b.anchorRef, '12345' as Ref, a.anchorRef, 'no ref' as Ref];
        const expected = [b.key, null, a.key, null];
        expect(await store.keysOf(asked)).toEqual(expected);
        expect(await (await reopen()).keysOf(asked)).toEqual(expected);
      });

      it('gives an unattributed event a ref and a key of its own', async () => {
        const { store, reopen } = await fresh();
        const request = { workspace: SHOP, identifiers: [DEVICE], anchor: -1 };
        const [a, b] = (await store.resolve([request, request])).map(resolved) as [Resolved, Resolved];
        expect(a.anchorRef).not.toBe(b.anchorRef);
        expect(a.key).not.toEqual(b.key);
        expect(a.refs).toEqual(b.refs);
        expect(a.refs).not.toContain(a.anchorRef);
        const reopened = await reopen();
        expect(await reopened.keysOf([a.anchorRef, b.anchorRef])).toEqual([a.key, b.key]);
      });
    });

    erasingContract(fresh);

    describe('derived names', () => {
      it('gives one message one event id, of UUID version 8, under one master key', async () => {
        const a = (await fresh()).store;
        const b = (await fresh()).store;
        const c = (await fresh(Buffer.alloc(32, 2))).store;
        const id = a.eventId('shop', 'web', 'm-1');
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(b.eventId('shop', 'web', 'm-1')).toBe(id);
        expect(c.eventId('shop', 'web', 'm-1')).not.toBe(id);
        expect(a.eventId('shop', 'webm', '-1')).not.toBe(id);
      });

      it('marks content by purpose and master key, text as its UTF-8', async () => {
        const a = (await fresh()).store;
        const b = (await fresh(Buffer.alloc(32, 2))).store;
        const mark = a.mark('api-key', 'sürpriz');
        expect(mark).toHaveLength(16);
        expect(a.mark('api-key', Buffer.from('sürpriz', 'utf8'))).toEqual(mark);
        expect(a.mark('content', 'sürpriz')).not.toEqual(mark);
        expect(b.mark('api-key', 'sürpriz')).not.toEqual(mark);
      });
    });

    it('seals for one purpose and one master key, and opens nothing that was touched', async () => {
      const a = (await fresh()).store;
      const b = (await fresh(Buffer.alloc(32, 2))).store;
      const plain = Buffer.from('sürpriz', 'utf8');
      const sealed = a.seal('link', plain);
      expect(sealed.includes(plain)).toBe(false);
      expect(a.seal('link', plain)).not.toEqual(sealed);
      expect(a.open('link', sealed)).toEqual(plain);
      expect(a.open('config', sealed)).toBeUndefined();
      expect(b.open('link', sealed)).toBeUndefined();
      expect(a.open('link', sealed.subarray(1))).toBeUndefined();
      expect(a.open('link', Buffer.alloc(3))).toBeUndefined();
      for (let i = 0; i < sealed.length; i++) {
        const touched = Buffer.from(sealed);
        touched[i] = (touched[i] as number) ^ 1;
        expect(a.open('link', touched)).toBeUndefined();
      }
    });

    it('answers nothing after it is closed, and closes twice', async () => {
      const { store } = await fresh();
      const pending = touch(store, ALI);
      await store.close();
      await store.close();
      expect((await pending).outcome).toBe('resolved');
      await expect(touch(store, ALI)).rejects.toMatchObject({ code: 'KEY_STORE.CLOSED' });
    });
  });
}

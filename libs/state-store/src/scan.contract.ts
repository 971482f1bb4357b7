import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ScanRange, StateStore, StateWrite } from './state-store.port.ts';

/** The part of `stateStoreContract` about scans. `store` answers the store that is open at the moment. */
export function scanContract(store: () => StateStore): void {
  describe('scan', () => {
    // In UTF-8 an emoji sorts after U+FF5E, in UTF-16 before it.
    const ordered = ['A', 'a', 'a ', 'a/1', 'a/10', 'a/2', 'b', 'ç', 'ş', '～', '😀'];

    beforeAll(() => store().commit([...ordered].reverse().map((key) => put('scan', key, `v${key}`))));

    it('yields rows with their values in the order of the UTF-8 bytes of the keys', async () => {
      const rows = [];
      for await (const { key, value } of store().scan({ collection: 'scan' })) {
        rows.push([key, value.toString()]);
      }
      expect(rows).toEqual(ordered.map((key) => [key, `v${key}`]));
    });

    it.each<[string, Omit<ScanRange, 'collection'>, string[]]>([
      ['backwards', { reverse: true }, [...ordered].reverse()],
      ['from an inclusive bound', { gte: 'b' }, ['b', 'ç', 'ş', '～', '😀']],
      ['from a bound that is no key', { gte: 'a0' }, ['b', 'ç', 'ş', '～', '😀']],
      ['to an exclusive bound', { lt: 'a ' }, ['A', 'a']],
      ['between bounds', { gte: 'a/', lt: 'a0' }, ['a/1', 'a/10', 'a/2']],
      ['between bounds backwards', { gte: 'a/', lt: 'b', reverse: true }, ['a/2', 'a/10', 'a/1']],
      ['with a limit', { limit: 2 }, ['A', 'a']],
      ['with a limit backwards', { lt: 'b', limit: 2, reverse: true }, ['a/2', 'a/10']],
      ['with a limit beyond the end', { gte: '～', limit: 100 }, ['～', '😀']],
      ['with the limit zero', { limit: 0 }, []],
      ['of an empty range', { gte: 'b', lt: 'b' }, []],
      ['of a range the wrong way round', { gte: 'b', lt: 'a' }, []],
      ['of the same backwards', { gte: 'b', lt: 'a', reverse: true }, []],
    ])('goes %s', async (_, range, expected) => {
      expect(await keysOf(store(), { collection: 'scan', ...range })).toEqual(expected);
    });

    it('yields nothing for a collection without rows', async () => {
      expect(await keysOf(store(), { collection: 'scan.none' })).toEqual([]);
    });

    it('may be left early, again and again', async () => {
      for (let i = 0; i < 50; i++) {
        for await (const { key } of store().scan({ collection: 'scan' })) {
          expect(key).toBe('A');
          break;
        }
      }
    });

    it('sees the store as of one moment, whatever is committed while it is consumed', async () => {
      const keys = Array.from({ length: 2000 }, (_, i) => String(i).padStart(5, '0'));
      await store().commit(keys.map((key) => put('moment', key, 'before')));
      let seen = 0;
      for await (const { value } of store().scan({ collection: 'moment' })) {
        if (seen === 0) {
          await store().commit(
            keys.map((key, i) => (i % 2 ? drop('moment', key) : put('moment', key, 'after'))),
          );
        }
        expect(value.toString()).toBe('before');
        seen++;
      }
      expect(seen).toBe(2000);
      expect(await keysOf(store(), { collection: 'moment' })).toHaveLength(1000);
    });

    it('agrees with a sorted list, whatever the keys and the bounds', async () => {
      const key = fc.string({ unit: 'grapheme', maxLength: 4 });
      const bound = fc.option(key, { nil: undefined });
      const limit = fc.option(fc.nat(12), { nil: undefined });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(key, { maxLength: 20 }),
          bound,
          bound,
          limit,
          fc.boolean(),
          async (keys, gte, lt, most, reverse) => {
            const collection = `sorted.${run++}`;
            await store().commit(keys.map((name) => put(collection, name, 'v')));
            const inside = keys
              .filter(
                (name) => (gte === undefined || !before(name, gte)) && (lt === undefined || before(name, lt)),
              )
              .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
            if (reverse) inside.reverse();
            expect(await keysOf(store(), { collection, gte, lt, limit: most, reverse })).toEqual(
              inside.slice(0, most),
            );
          },
        ),
        { numRuns: process.env.TEMAS_LONG === '1' ? 5_000 : 100 },
      );
    }, 300_000);
  });
}

/** A write of a text. */
export function put(collection: string, key: string, text: string): StateWrite {
  return { collection, key, value: Buffer.from(text) };
}

/** A deletion. */
export function drop(collection: string, key: string): StateWrite {
  return { collection, key, value: null };
}

/** The keys that a scan yields, in its order. */
export async function keysOf(store: StateStore, range: ScanRange): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.scan(range)) keys.push(key);
  return keys;
}

function before(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StateKey } from './state-store.port.ts';
import { jsonCollection, UnitOfWork } from './unit-of-work.ts';

const counts = jsonCollection<number>('counts');
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');

/** A block: the rows it loads, what it then does to them, and whether its commit goes through. */
const blocks = fc.array(
  fc.record({
    changes: fc.array(fc.record({ key, to: fc.option(fc.nat(9), { nil: undefined }) }), { maxLength: 8 }),
    readOnly: fc.array(key, { maxLength: 3 }),
    fails: fc.boolean(),
  }),
  { maxLength: 12 },
);

function keysOf(block: {
  readonly changes: readonly { readonly key: string }[];
  readonly readOnly: readonly string[];
}): string[] {
  return [...block.changes.map((change) => change.key), ...block.readOnly];
}

describe('UnitOfWork', () => {
  it('shows every block what a plain map would, whatever its capacity and what was read ahead', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, fc.nat(6), async (all, capacity) => {
        const stored = new Map<string, Buffer>();
        // What is read stands at the time of asking, and is answered when the block before is committed, or later.
        let answer = (): void => undefined;
        let isSlow = false;
        const read = async (keys: readonly StateKey[]) => {
          const rows = keys.map((asked) => stored.get(asked.key) ?? null);
          if (isSlow) await new Promise<void>((resolve) => (answer = resolve));
          return rows;
        };
        let work = new UnitOfWork({ read }, capacity);
        let ahead: Promise<void> = Promise.resolve();
        let truth = new Map<string, number>();

        for (const [i, { changes, readOnly, fails }] of all.entries()) {
          const block = new Map(truth);
          const loaded = keysOf({ changes, readOnly });
          await ahead;
          await work.load(counts, loaded);
          const next = all[i + 1];
          isSlow = true;
          if (next !== undefined) ahead = work.load(counts, keysOf(next));
          isSlow = false;
          for (const change of changes) {
            expect(work.get(counts, change.key)).toBe(block.get(change.key));
            work.set(counts, change.key, change.to);
            if (change.to === undefined) block.delete(change.key);
            else block.set(change.key, change.to);
          }
          for (const name of loaded) expect(work.get(counts, name)).toBe(block.get(name));
          if (fails) {
            answer();
            work = new UnitOfWork({ read }, capacity);
            continue;
          }
          for (const write of work.writes()) {
            if (write.value === null) stored.delete(write.key);
            else stored.set(write.key, Buffer.from(write.value));
          }
          work.committed();
          truth = block;
          answer();
        }
        expect(new Map([...stored].map(([name, bytes]) => [name, counts.decode(bytes)]))).toEqual(truth);
      }),
      { numRuns: process.env.TEMAS_LONG === '1' ? 50_000 : 500 },
    );
  }, 300_000);
});

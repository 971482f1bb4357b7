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

describe('UnitOfWork', () => {
  it('shows every block what a plain map would, whatever its capacity', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, fc.nat(6), async (all, capacity) => {
        const stored = new Map<string, Buffer>();
        const read = async (keys: readonly StateKey[]) => keys.map((asked) => stored.get(asked.key) ?? null);
        const work = new UnitOfWork({ read }, capacity);
        let truth = new Map<string, number>();

        for (const { changes, readOnly, fails } of all) {
          const block = new Map(truth);
          const loaded = [...changes.map((change) => change.key), ...readOnly];
          await work.load(counts, loaded);
          for (const change of changes) {
            expect(work.get(counts, change.key)).toBe(block.get(change.key));
            work.set(counts, change.key, change.to);
            if (change.to === undefined) block.delete(change.key);
            else block.set(change.key, change.to);
          }
          for (const name of loaded) expect(work.get(counts, name)).toBe(block.get(name));
          if (fails) {
            work.discard();
            continue;
          }
          for (const write of work.writes()) {
            if (write.value === null) stored.delete(write.key);
            else stored.set(write.key, Buffer.from(write.value));
          }
          work.committed();
          truth = block;
        }
        expect(new Map([...stored].map(([name, bytes]) => [name, counts.decode(bytes)]))).toEqual(truth);
      }),
      { numRuns: process.env.TEMAS_LONG === '1' ? 50_000 : 500 },
    );
  }, 300_000);
});

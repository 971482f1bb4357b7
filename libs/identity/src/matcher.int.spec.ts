import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Workspace } from '#kernel';
import { openRocksStateStore, type StateStore } from '#state-store';
import { identityReader } from './identity-reader.ts';
import type { IdentityStep } from './identity.types.ts';
import { runLog } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionOf } from './testing/partitions.ts';
import { arrive, drafts, send } from './testing/random-log.ts';
import type { Entry } from './testing/reference/entries.ts';
import { resolveLog } from './testing/reference/partition.ts';
import { TIGHT_RULES as rules } from './testing/tight-rules.ts';

const isLong = process.env.TEMAS_LONG === '1';

let path: string;
let store: StateStore;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-identity-'));
  store = await openRocksStateStore({ path });
});

afterAll(async () => {
  await store.close();
  await rm(path, { recursive: true, force: true });
});

/** The same log in identifiers and events of its own, so that histories can share a store. */
function named(log: readonly Entry[], run: number): Entry[] {
  const text = JSON.stringify(log, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  const own = text
    .replaceAll(/"([a-z]\d)"/g, `"$1_${run}"`)
    .replaceAll('"workspace":"default"', `"workspace":"w${run}"`);
  return JSON.parse(own, (key, value: unknown) =>
    key === 'position'
      ? BigInt((value as string).slice(0, -1))
      : key === 'eventId' || key === 'command'
        ? ownEvent(value, run)
        : value,
  ) as Entry[];
}

function ownEvent(value: unknown, run: number): unknown {
  return typeof value === 'string' ? run.toString(16).padStart(8, '0') + value.slice(8) : value;
}

describe('over the RocksDB store, closed and opened again between random steps', () => {
  it(
    'a log gives the steps that it gives in memory, and the partition of the batch reference',
    async () => {
      let run = 0;
      const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(
          drafts,
          sizes,
          fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 3 }),
          async (all, cut, stops) => {
            const log = named(arrive(send(all)), ++run);
            const steps: IdentityStep[] = [];
            const pieces = [
              0,
              ...stops.filter((stop) => stop < log.length).sort((a, b) => a - b),
              log.length,
            ];
            for (const [i, from] of pieces.slice(0, -1).entries()) {
              if (i > 0) {
                await store.close();
                store = await openRocksStateStore({ path });
              }
              steps.push(...(await runLog(store, log.slice(from, pieces[i + 1]), cut, rules)));
            }
            expect(steps).toEqual(await runLog(new MemoryState(), log, undefined, rules));

            const expected = resolveLog(log, rules);
            const reader = identityReader(store);
            const lines = new Set<string>();
            for (const ref of expected.groups.keys()) {
              const id = await reader.profileOf(ref);
              const membership = id === undefined ? undefined : await reader.membership(id);
              expect(membership?.workspace).toBe(`w${run}` as Workspace);
              lines.add(
                (membership?.members ?? [])
                  .map((member) => member.ref)
                  .sort()
                  .join(' '),
              );
            }
            expect([...lines].sort()).toEqual(partitionOf(expected));
          },
        ),
        isLong ? { numRuns: 2_000 } : { numRuns: 40, seed: 7 },
      );
    },
    isLong ? 3_600_000 : 60_000,
  );
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProfileId, Ref } from '#kernel';
import { comparePartitions, type PartitionDiff } from './compare-partitions.ts';
import { partitionReader, type PartitionReader } from './partition-reader.ts';
import { rulesOf, type RuleChanges } from './rule-changes.ts';
import { DEFAULT_RULES } from './rules.ts';
import { runLog } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionIn } from './testing/partitions.ts';
import { arrive, drafts, send } from './testing/random-log.ts';

const isLong = process.env.TEMAS_LONG === '1';

/** A partition as lines: each identifier's profile. */
function reader(map: ReadonlyMap<Ref, ProfileId>): PartitionReader {
  const members = (id: ProfileId) => [...map].filter(([, holder]) => holder === id).map(([ref]) => ref);
  return {
    async *profiles() {
      for (const id of [...new Set(map.values())].sort()) yield { profileId: id, members: members(id) };
    },
    holders: async (refs) => refs.map((ref) => map.get(ref)),
    membersOf: async (ids) => ids.map(members),
  };
}

function partition(text: string): PartitionReader {
  const map = new Map<Ref, ProfileId>();
  for (const group of text.split(' ')) {
    const [id, refs] = group.split(':') as [string, string];
    for (const ref of refs) map.set(ref as Ref, id as ProfileId);
  }
  return reader(map);
}

const compare = (before: string, after: string): Promise<PartitionDiff> =>
  comparePartitions(partition(before), partition(after), async () => undefined);

describe('comparePartitions', () => {
  it('takes what only has another id for the same', async () => {
    expect(await compare('p:ab q:c', 'x:ab p:c')).toEqual({
      profiles: { before: 2, after: 2 },
      unchanged: 2,
      split: 0,
      merged: 0,
      moved: 0,
      largest: [],
    });
  });

  it('counts what a split and a merge move', async () => {
    expect(await compare('p:abc q:d', 'p:ab r:cd')).toEqual({
      profiles: { before: 2, after: 2 },
      unchanged: 0,
      split: 1,
      merged: 1,
      moved: 1,
      largest: [
        {
          profileId: 'p',
          identifiers: 3,
          parts: 2,
          into: [
            { profileId: 'p', identifiers: 2, of: 2 },
            { profileId: 'r', identifiers: 1, of: 2 },
          ],
        },
        { profileId: 'q', identifiers: 1, parts: 1, into: [{ profileId: 'r', identifiers: 1, of: 2 }] },
      ],
    });
  });

  it('tells of the rules of a random history what a look at both partitions tells', async () => {
    const changes: fc.Arbitrary<RuleChanges> = fc.record({
      namespaces: fc.constant({ email: { limit: 1 }, phone: { quarantineAt: 1 } }),
      blocked: fc.subarray(['u1', 'e1', 'a1'] as Ref[]),
    });
    await fc.assert(
      fc.asyncProperty(drafts, changes, async (all, given) => {
        const [before, after] = [new MemoryState(), new MemoryState()];
        const log = arrive(send(all));
        await runLog(before, log, [5], DEFAULT_RULES);
        await runLog(after, log, [7], rulesOf(given, 1));
        const diff = await comparePartitions(
          partitionReader(before),
          partitionReader(after),
          async () => undefined,
        );
        const [old, fresh] = [partitionIn(before), partitionIn(after)].map((lines) =>
          lines.map((line) => new Set(line.split(' '))),
        ) as [Set<string>[], Set<string>[]];
        const touch = (a: Set<string>, b: Set<string>) => [...a].some((ref) => b.has(ref));
        const countOf = (from: Set<string>[], to: Set<string>[]) =>
          from.filter((one) => to.filter((other) => touch(one, other)).length > 1).length;
        const same = new Set(partitionIn(after));
        const unchanged = partitionIn(before).filter((line) => same.has(line)).length;
        expect(diff).toMatchObject({
          profiles: { before: old.length, after: fresh.length },
          unchanged,
          split: countOf(old, fresh),
          merged: countOf(fresh, old),
        });
        expect(diff.largest).toHaveLength(old.length - unchanged);
        expect(diff.moved === 0).toBe(unchanged === old.length);
        for (const { profileId, identifiers, into } of diff.largest) {
          const [members] = await partitionReader(before).membersOf([profileId]);
          expect(members).toHaveLength(identifiers);
          expect(into.reduce((sum, part) => sum + part.identifiers, 0)).toBe(identifiers);
        }
      }),
      isLong ? { numRuns: 20_000 } : { numRuns: 100, seed: 7 },
    );
  });
});

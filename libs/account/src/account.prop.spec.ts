import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareText, type EventId, type Position, type Ref, type SourceName } from '#kernel';
import type { AccountInput } from './account-input.ts';
import { input, readAccount, storeOf } from './testing/inputs.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 10_000 : 300;
const TIMEOUT = 300_000;

/** Times, ranks and indexes collide often, so that ties reach every part of the order. */
const small = fc.integer({ min: 0, max: 3 });
const histories: fc.Arbitrary<AccountInput[]> = fc
  .array(
    fc.record({
      accountId: fc.constantFrom('acme', 'acme/1', 'b'),
      anchor: fc.option(
        fc.constantFrom('1', '2').map((ref) => ref as Ref),
        { freq: 4 },
      ),
      at: small,
      sourceRank: fc.integer({ min: 0, max: 1 }),
      index: small,
      source: fc.constantFrom('web', 'shop').map((name) => name as SourceName),
      traits: fc.option(
        fc.dictionary(fc.constantFrom('plan', 'name', '__proto__'), fc.option(fc.integer(), { freq: 3 })),
        { nil: undefined },
      ),
    }),
    { maxLength: 25 },
  )
  .map((items) =>
    items.map((item, i) =>
      input({ ...item, eventId: `event-${i}` as EventId, position: BigInt(i + 5) as Position }),
    ),
  );

/** The same calls in another order, some of them repeated, cut into blocks. */
function retold(given: readonly AccountInput[]): fc.Arbitrary<AccountInput[][]> {
  return fc.tuple(fc.subarray([...given]), fc.infiniteStream(fc.boolean())).chain(([again, cuts]) => {
    const all = [...given, ...again];
    return fc.shuffledSubarray(all, { minLength: all.length }).map((shuffled) => {
      const blocks: AccountInput[][] = [[]];
      for (const one of shuffled) {
        if (cuts.next().value) blocks.push([]);
        blocks.at(-1)?.push(one);
      }
      return blocks;
    });
  });
}

const everything = ['acme', 'acme/1', 'b'].flatMap((accountId) =>
  ['1', '2'].map((ref) => ({ accountId, anchor: ref as Ref })),
);

describe('accounts and memberships', () => {
  it(
    'are the same in any order of arrival, in any blocks, however often they are told',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          histories.chain((given) => fc.tuple(fc.constant(given), retold(given))),
          async ([given, blocks]) => {
            const [straight, other] = [await storeOf([given]), await storeOf(blocks)];
            expect([...other.rows.keys()].sort()).toEqual([...straight.rows.keys()].sort());
            for (const one of everything) {
              const expected = JSON.stringify(await readAccount(straight, one));
              expect(JSON.stringify(await readAccount(other, one))).toBe(expected);
            }
          },
        ),
        { numRuns },
      );
    },
    TIMEOUT,
  );

  it(
    'are what a plain reading of the calls says',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (given) => {
          const store = await storeOf([given]);
          for (const one of everything) {
            const { account, membership } = await readAccount(store, one);
            const calls = given.filter(({ accountId }) => accountId === one.accountId);
            expect(account && [account.firstSeenAt, account.lastSeenAt]).toEqual(span(calls));
            expect(
              Object.entries(account?.traits ?? {}).map(([name, { value, eventId }]) => [
                name,
                value,
                eventId,
              ]),
            ).toEqual(plainTraits(calls));
            const own = calls.filter(({ anchor }) => anchor === one.anchor);
            expect(membership && [membership.firstSeenAt, membership.lastSeenAt]).toEqual(span(own));
            const [first] = own.toSorted((a, b) => a.at - b.at || Number(a.position - b.position));
            expect(membership?.source).toBe(first?.source);
          }
        }),
        { numRuns },
      );
    },
    TIMEOUT,
  );
});

function span(calls: readonly AccountInput[]): [string, string] | null {
  const times = calls.map(({ at }) => new Date(at).toISOString()).sort();
  return times.length === 0 ? null : [times[0] as string, times.at(-1) as string];
}

function plainTraits(calls: readonly AccountInput[]): unknown[] {
  const words = calls
    .toSorted(
      (a, b) =>
        a.at - b.at || a.sourceRank - b.sourceRank || a.index - b.index || compareText(a.eventId, b.eventId),
    )
    .flatMap(({ traits, eventId }) =>
      Object.entries(traits ?? {}).map(([name, value]) => ({ name, value, eventId })),
    );
  return [...new Map(words.map((word) => [word.name, word]))]
    .filter(([, { value }]) => value !== null)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { value, eventId }]) => [name, value, eventId]);
}

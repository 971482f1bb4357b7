import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareText, type EventId, type Position, type Ref, type SourceName } from '#kernel';
import type { NamedIdentifier, ProfileInput } from './profile-input.ts';
import { compareRegisters, newest, type Register } from './register.ts';
import { input, profileOf, refsOf } from './testing/inputs.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 10_000 : 300;

const NAMESPACES: Readonly<Record<string, string>> = {
  u: 'user_id',
  e: 'email',
  p: 'phone',
  a: 'anonymous_id',
};
const identifier = fc
  .constantFrom('u1', 'u2', 'e1', 'e2', 'e3', 'p1', 'a1', 'a2')
  .map((ref): NamedIdentifier => ({
    ns: NAMESPACES[ref[0] as string] as string,
    ref: ref as Ref,
    value: `value of ${ref}`,
  }));

/** Times, ranks and indexes collide often, so that ties reach every part of the order. */
const small = fc.integer({ min: 0, max: 3 });
const inputs: fc.Arbitrary<ProfileInput[]> = fc
  .array(
    fc.record({
      identifiers: fc.uniqueArray(identifier, { minLength: 1, maxLength: 3, selector: ({ ref }) => ref }),
      at: small,
      sourceRank: fc.integer({ min: 0, max: 1 }),
      index: small,
      source: fc.constantFrom('web', 'shop').map((name) => name as SourceName),
      traits: fc.option(
        fc.dictionary(fc.constantFrom('city', 'name', '__proto__'), fc.option(fc.integer(), { freq: 3 })),
        { nil: undefined },
      ),
    }),
    { maxLength: 25 },
  )
  .map((items) =>
    items.map((item, i) =>
      input({
        ...item,
        anchor: item.identifiers[0]?.ref as Ref,
        eventId: `event-${i}` as EventId,
        position: BigInt(i) as Position,
      }),
    ),
  );

const shuffledTwice = inputs.chain((given) =>
  fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
);

const everyone = [...'u1 u2 e1 e2 e3 p1 a1 a2'.split(' ')];

describe('the joined profile', () => {
  it('does not depend on the order of touchpoints or of members', async () => {
    await fc.assert(
      fc.asyncProperty(
        shuffledTwice,
        fc.shuffledSubarray(everyone, { minLength: everyone.length }),
        async ([given, shuffled], members) => {
          const one = JSON.stringify(await profileOf(given, everyone));
          expect(JSON.stringify(await profileOf(shuffled, members))).toBe(one);
        },
      ),
      { numRuns },
    );
  });

  it('does not depend on which anchor was told what', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.infiniteStream(fc.constantFrom(...everyone)), async (given, anchors) => {
        const respread = given.map((one) => ({ ...one, anchor: anchors.next().value as Ref }));
        const [before, after] = [await profileOf(given, everyone), await profileOf(respread, everyone)];
        const untied = (traits: typeof before.traits) =>
          Object.entries(traits).map(([name, { anchor: _, ...trait }]) => [name, trait]);
        expect(untied(after.traits)).toEqual(untied(before.traits));
        expect({ ...after, traits: null }).toEqual({ ...before, traits: null });
      }),
      { numRuns },
    );
  });

  it('is what a plain reading of all its touchpoints says, and a split gives each part its own', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.subarray(everyone), async (given, part) => {
        for (const members of [everyone, part, everyone.filter((ref) => !part.includes(ref))]) {
          const own = given.filter(({ anchor }) => members.includes(anchor as string));
          const { traits, eventCount } = await profileOf(given, members);
          expect(eventCount).toBe(own.length);
          expect(Object.entries(traits).map(([name, { value, eventId }]) => [name, value, eventId])).toEqual(
            plainTraits(own),
          );
        }
        expect(new Set(refsOf(given)).size).toBe((await profileOf(given, everyone)).identifiers.length);
      }),
      { numRuns },
    );
  });
});

function plainTraits(given: readonly ProfileInput[]): unknown[] {
  const words = given.flatMap(({ traits, at, sourceRank, index, eventId }) =>
    Object.entries(traits ?? {}).map(([name, value]) => ({ name, value, at, sourceRank, index, eventId })),
  );
  words.sort(
    (a, b) =>
      a.at - b.at || a.sourceRank - b.sourceRank || a.index - b.index || compareText(a.eventId, b.eventId),
  );
  return [...new Map(words.map((word) => [word.name, word]))]
    .filter(([, { value }]) => value !== null)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { value, eventId }]) => [name, value, eventId]);
}

describe('a register', () => {
  const register: fc.Arbitrary<Register> = fc
    .record({ at: small, rank: small, index: small, event: small })
    .map(({ event, ...place }) => ({
      ...place,
      eventId: `event-${event}` as EventId,
      // The same event says the same: what ties in all parts of the order is one word, told twice.
      value: `${place.at} ${place.rank} ${place.index} ${event}`,
      source: 'web' as SourceName,
    }));

  it('is a join semilattice', () => {
    fc.assert(
      fc.property(register, register, register, (a, b, c) => {
        expect(newest(a, a)).toEqual(a);
        expect(newest(a, b)).toEqual(newest(b, a));
        expect(newest(newest(a, b), c)).toEqual(newest(a, newest(b, c)));
        expect(compareRegisters(newest(a, b), a)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, Position, Ref, SourceName } from '#kernel';
import { aggregateOf, joinAggregates, type Aggregate } from './aggregate.ts';
import { SESSION_GAP } from './segments.ts';
import type { SessionInput } from './session-input.ts';
import { input, MIDNIGHT } from './testing/inputs.ts';
import { sessionFrom, visitsAfterEach } from './testing/oracle.ts';
import { Tables } from './testing/tables.ts';

const long = process.env.TEMAS_LONG === '1';
const numRuns = long ? 10_000 : 400;
/** Of one test, ms: the long run takes 15 s where nothing else runs. */
const timeout = 300_000;

/** Half gaps around midnights, a millisecond more or less: pauses of exactly the gap, just below and just above. */
const onGrid = fc
  .tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -1, max: 1 }))
  .map(([steps, ms]) => MIDNIGHT + (steps * SESSION_GAP) / 2 + ms);
const inFourDays = fc.integer({ min: MIDNIGHT - 2 * 86_400_000, max: MIDNIGHT + 2 * 86_400_000 });
const aroundEpoch = fc.integer({ min: 0, max: 2 * SESSION_GAP });
const sameHours = fc.integer({ min: -180, max: 180 }).map((minutes) => MIDNIGHT + minutes * 60_000);
const time = fc.oneof(
  { weight: 6, arbitrary: onGrid },
  { weight: 3, arbitrary: sameHours },
  { weight: 1, arbitrary: inFourDays },
  { weight: 1, arbitrary: aroundEpoch },
);

const anchors = fc.constantFrom(['u1', 1], ['u2', 1], ['e1', 5], ['d1', 10]).map(([anchor, priority]) => ({
  anchor: anchor as Ref,
  priority: priority,
}));
const event = fc.record({
  device: fc.constantFrom('d1', 'd1', 'd2').map((ref) => ref as Ref),
  who: anchors,
  at: time,
  index: fc.integer({ min: 0, max: 2 }),
  path: fc.constantFrom('', '/', '/a', '/b'),
  campaign: fc.constantFrom('', '', 'spring', 'autumn'),
  source: fc.constantFrom('web', 'shop').map((name) => name as SourceName),
});
type Shape = typeof event extends fc.Arbitrary<infer E> ? E : never;

const history = (maxLength: number): fc.Arbitrary<SessionInput[]> =>
  fc.array(event, { maxLength }).map((shapes) => shapes.map(placed));

/** Positions run over from one digit to two: they sort by number, not as text. */
function placed({ who, ...rest }: Shape, i: number): SessionInput {
  return input({
    ...rest,
    ...who,
    place: i,
    position: BigInt(8 + i) as Position,
    eventId: `event-${i}` as EventId,
  });
}

const blocks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe('sessions', () => {
  it(
    'are after each event what a reader of the whole history cuts, names and sums up',
    async () => {
      await fc.assert(
        fc.asyncProperty(history(long ? 90 : 45), blocks, async (given, sizes) => {
          const tables = await new Tables().fold(given, sizes);
          const after = visitsAfterEach(given);

          const overrides = new Map<string, string>();
          tables.steps.forEach((step, i) => {
            for (const { from, to } of step.merged) overrides.set(from, to);
            for (const { id, events } of after[i] ?? []) {
              if (events.includes(given[i] as SessionInput)) expect(step.sessionId).toBe(id);
              for (const { eventId } of events) {
                const recorded = tables.recorded.get(eventId) as string;
                expect(overrides.get(recorded) ?? recorded).toBe(id);
              }
            }
          });
          expect([...tables.sessions.values()].toSorted(bySessionId)).toEqual(
            (after.at(-1) ?? []).map(sessionFrom).toSorted(bySessionId),
          );
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    'do not depend on how the log is cut into blocks, to the last byte of the state',
    async () => {
      await fc.assert(
        fc.asyncProperty(history(60), blocks, async (given, sizes) => {
          const one = await new Tables().fold(given);
          for (const tables of [new Tables(), new Tables('kept')]) {
            await tables.fold(given, sizes);
            expect(tables.steps).toEqual(one.steps);
            expect(rowsOf(tables)).toEqual(rowsOf(one));
          }
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    'are the same but for their names in whatever order the events arrive',
    async () => {
      const twice = history(60).chain((given) =>
        fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
      );
      await fc.assert(
        fc.asyncProperty(twice, blocks, async ([given, shuffled], sizes) => {
          const unnamed = async (inputs: readonly SessionInput[]) =>
            [...(await new Tables().fold(inputs, sizes)).sessions.values()]
              .map(({ sessionId: _, ...rest }) => JSON.stringify(rest))
              .toSorted();
          expect(await unnamed(shuffled)).toEqual(await unnamed(given));
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    'keep every row small, whatever comes',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 2 * 86_400_000 - 1 }), { minLength: 50, maxLength: 200 }),
          async (times) => {
            const tables = await new Tables().fold(times.map((at, i) => input({ place: i, at })));
            for (const segments of rowsOf(tables, 's.day')) {
              expect((JSON.parse(segments[1]) as unknown[]).length).toBeLessThanOrEqual(48);
            }
            for (const size of tables.state.sizes('s.sess')) expect(size).toBeLessThan(600);
          },
        ),
        { numRuns: Math.ceil(numRuns / 10) },
      );
    },
    timeout,
  );
});

describe('aggregates', () => {
  it(
    'join commutatively and associatively',
    () => {
      fc.assert(
        fc.property(fc.array(event, { minLength: 3, maxLength: 9 }), (shapes) => {
          const parts = shapes.map(placed).map(aggregateOf);
          const forth = parts.reduce(joinAggregates);
          const [a, b, ...rest] = parts as [Aggregate, Aggregate, ...Aggregate[]];
          expect(parts.reduceRight((sum, part) => joinAggregates(part, sum))).toEqual(forth);
          expect(parts.toReversed().reduce(joinAggregates)).toEqual(forth);
          expect(joinAggregates(joinAggregates(b, a), rest.reduce(joinAggregates))).toEqual(forth);
        }),
        { numRuns },
      );
    },
    timeout,
  );
});

function bySessionId(a: { sessionId: string }, b: { sessionId: string }): number {
  return a.sessionId < b.sessionId ? -1 : 1;
}

function rowsOf({ state }: Tables, collection = ''): [string, string][] {
  return [...state.rows]
    .filter(([key]) => key.startsWith(collection))
    .map(([key, row]): [string, string] => [key, row.toString()])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Selector } from '../selector/selector.ts';
import { firstDayOf } from '../stream/period.ts';
import { evaluateRetention, type Member } from '../testing/evaluate-retention.ts';
import { streams } from '../testing/streams.ts';
import { JourneyWorld } from '../testing/world.ts';
import type { RetentionDefinition } from './retention.ts';
import { retentionResult, type RetentionRow } from './retention-result.ts';
import { retentionSql } from './retention-sql.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 60 : 2;
const HOUR = 3_600_000;
let world: JourneyWorld;

beforeAll(async () => {
  world = await JourneyWorld.start();
}, 60_000);

afterAll(async () => {
  await world.close();
});

const selectors = fc.constantFrom<Selector>(
  { events: [], where: [] },
  { events: ['a'], where: [] },
  { events: ['b'], where: [] },
  { events: ['a', 'c'], where: [{ field: 'properties.price', op: 'gt', value: 1 }] },
  { events: [], kind: 'identify', where: [] },
);

// The streams begin on 2026-03-27 22:00 UTC: clocks of Berlin and New York change within, Istanbul's never do.
const definitions = fc.record({
  scope: fc.constantFrom({}, {}, { from: Date.UTC(2026, 2, 29), to: Date.UTC(2026, 4, 1) }),
  unit: fc.constantFrom('person', 'person', 'session'),
  start: selectors,
  back: selectors,
  period: fc.constantFrom('day', 'week', 'month'),
  periods: fc.constantFrom(1, 4, 31),
  cohorts: fc.constantFrom('first_time', 'recurring'),
  returns: fc.constantFrom('bounded', 'unbounded'),
  clock: fc.constantFrom('rolling', 'calendar'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Europe/Istanbul', 'Asia/Kolkata'),
  grouping: fc.constantFrom(
    undefined,
    { by: 'field', field: 'campaign' },
    { by: 'trait', trait: 'plan' },
    { by: 'segment', segment: 'lifecycle' },
  ),
});

function counts({ periods, returns }: RetentionDefinition, members: readonly Member[]): number[] {
  return Array.from({ length: periods + 1 }, (_, k) => {
    if (k === 0) return members.length;
    const isBack = ({ back }: Member): boolean =>
      returns === 'bounded' ? back.has(k) : [...back].some((one) => one >= k);
    return members.filter(isBack).length;
  });
}

it('a retention equals the plain evaluation over the same events, over changes of clocks too', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams({ tickMs: HOUR / 2, ticks: 48 * 40, names: ['a', 'b', 'c'], length: 500 }),
      fc.array(definitions, { minLength: 10, maxLength: 10 }),
      async ({ events, moved, commerce }, asked) => {
        const database = await world.put(events, { moved, commerce });
        for (const { grouping, scope, ...one } of asked) {
          const definition = {
            ...one,
            scope: { ...scope, database, includeBots: false },
            groups: 100,
            observedUntil: Date.UTC(2026, 4, 2),
            ...(grouping === undefined ? {} : { grouping }),
          } as RetentionDefinition;
          const members = evaluateRetention(definition, events, commerce);
          const result = retentionResult(definition, await world.ask<RetentionRow>(retentionSql(definition)));
          expect(result.periods.map(({ returned }) => returned)).toEqual(counts(definition, members));
          for (const cohort of result.cohorts) {
            const own = members.filter((member) =>
              definition.grouping === undefined
                ? firstDayOf(definition.period, member.cohort) === cohort.start
                : member.group === cohort.value,
            );
            expect(cohort.periods.map(({ returned }) => returned)).toEqual(counts(definition, own));
          }
          expect(result.cohorts.reduce((sum, { size }) => sum + size, 0)).toBe(members.length);
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 900_000);

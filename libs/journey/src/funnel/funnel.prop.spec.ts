import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Condition, Selector } from '../selector/selector.ts';
import { type Attempt, evaluateFunnel } from '../testing/evaluate-funnel.ts';
import { streams } from '../testing/streams.ts';
import { JourneyWorld } from '../testing/world.ts';
import {
  type FunnelDefinition,
  MAX_OVERLAPPING,
  overlappingSteps,
  sayTheSame,
  type StepOrder,
} from './funnel.ts';
import { type FunnelPerson, funnelPeopleSql } from './funnel-people-sql.ts';
import { funnelResult, type FunnelRow } from './funnel-result.ts';
import { funnelSql } from './funnel-sql.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 40 : 1;
let world: JourneyWorld;

beforeAll(async () => {
  world = await JourneyWorld.start();
}, 60_000);

afterAll(async () => {
  await world.close();
});

const conditions: fc.Arbitrary<Condition> = fc.constantFrom<Condition>(
  { field: 'properties.price', op: 'gt', value: 1.5 },
  { field: 'properties.price', op: 'eq', value: 2.5 },
  { field: 'properties.price', op: 'ne', value: 'two' },
  { field: 'properties.price', op: 'exists' },
  { field: 'campaign', op: 'in', value: ['spring', 'none'] },
  { field: 'event', op: 'contains', value: 'B' },
);
const selectors: fc.Arbitrary<Selector> = fc
  .record({
    events: fc.constantFrom<string[][]>(['a'], ['a'], ['b'], ['c'], ['b', 'c'], []),
    kind: fc.constantFrom(undefined, undefined, undefined, undefined, 'page', 'identify'),
    where: fc.array(conditions, { maxLength: 1 }),
  })
  .map(({ kind, ...rest }) => (kind === undefined ? rest : { ...rest, kind }) as Selector);

function definitions(order: StepOrder): fc.Arbitrary<Omit<FunnelDefinition, 'scope'> & { scope: object }> {
  return fc
    .record({
      scope: fc.constantFrom(
        {},
        {},
        { from: Date.UTC(2026, 2, 27, 22, 0, 3), to: Date.UTC(2026, 2, 27, 22, 0, 18) },
      ),
      unit: fc.constantFrom('person', 'person', 'session'),
      steps: fc.array(selectors, { minLength: 1, maxLength: 4 }),
      windowMs: fc.constantFrom(undefined, 0, 1_000, 3_000, 8_000),
      grouping: fc.constantFrom(
        undefined,
        { by: 'field', field: 'campaign' },
        { by: 'field', field: 'properties.price' },
        { by: 'trait', trait: 'plan' },
        { by: 'segment', segment: 'lifecycle' },
        { by: 'segment', segment: 'lifecycle' },
      ),
      excluded: fc.array(fc.tuple(selectors, fc.nat(), fc.nat()), { maxLength: 1 }),
    })
    .filter(
      ({ steps }) =>
        order !== 'any' ||
        overlappingSteps(steps).every((set) => set.length <= MAX_OVERLAPPING || sayTheSame(steps, set)),
    )
    .map(({ windowMs, grouping, excluded, steps, ...rest }) => ({
      ...(rest as { scope: object; unit: FunnelDefinition['unit'] }),
      steps,
      order,
      groups: 100,
      exclusions:
        order === 'strict' || steps.length < 2
          ? []
          : excluded.map(([selector, a, b]) => {
              const after = 1 + (a % (steps.length - 1));
              return { selector, after, before: after + 1 + (b % (steps.length - after)) };
            }),
      ...(windowMs === undefined ? {} : { windowMs }),
      ...(grouping === undefined ? {} : { grouping: grouping }),
    }));
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] as number) + (sorted[Math.ceil(at)] as number)) / 2;
}

/** Counts and times of a funnel from its attempts. */
function summary(steps: number, order: StepOrder, attempts: readonly Attempt[]): object {
  const whole = attempts.filter(({ depth }) => depth === steps).map(({ at }) => at.at(-1)! - at[0]!);
  return {
    counts: Array.from({ length: steps }, (_, i) => attempts.filter(({ depth }) => depth > i).length),
    median: seconds(median(whole)),
    byStep: Array.from({ length: steps }, (_, i) => {
      if (i === 0 || order === 'any') return null;
      return seconds(median(attempts.filter(({ depth }) => depth > i).map(({ at }) => at[i]! - at[i - 1]!)));
    }),
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

describe.each(['ordered', 'strict', 'any'] as const)('a funnel in %s order', (order) => {
  it('equals the plain evaluation over the same events', async () => {
    await fc.assert(
      fc.asyncProperty(
        streams({ tickMs: 500, ticks: 40, names: ['a', 'b', 'c', 'd'], length: 500 }),
        fc.array(definitions(order), { minLength: 6, maxLength: 6 }),
        async ({ events, moved, commerce }, asked) => {
          const database = await world.put(events, { moved, commerce });
          for (const one of asked) {
            const definition: FunnelDefinition = {
              ...one,
              scope: { ...one.scope, database, includeBots: false },
            };
            const attempts = evaluateFunnel(definition, events, commerce);
            const rows = await world.ask<FunnelRow>(funnelSql(definition));
            const result = funnelResult(definition, rows);
            const got = {
              counts: result.steps.map(({ count }) => count),
              median: result.timeToConvert.median,
              byStep: result.steps.map(({ timeFromPrevious }) => timeFromPrevious?.median ?? null),
            };
            const size = definition.steps.length;
            if (attempts.size === 0) expect(got.counts.every((count) => count === 0)).toBe(true);
            else expect(got).toEqual(summary(size, order, [...attempts.values()]));
            if (definition.grouping !== undefined)
              expect(new Set(result.groups?.map(({ value }) => value))).toEqual(
                new Set([...attempts.values()].map(({ group }) => group)),
              );
            for (const group of result.groups ?? []) {
              const own = [...attempts.values()].filter((attempt) => attempt.group === group.value);
              expect(group.steps.map(({ count }) => count)).toEqual(
                (summary(size, order, own) as { counts: number[] }).counts,
              );
            }
            const people = await world.ask<FunnelPerson>(
              funnelPeopleSql(definition, { step: 1, outcome: 'reached', limit: 1_000 }),
            );
            expect(
              people.map(({ id, depth, started, ended }) => [id, depth, Number(started), Number(ended)]),
            ).toEqual(
              [...attempts]
                .map(([id, { depth, at }]) => [id, depth, at[0], at.at(-1)])
                .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
            );
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 600_000);
});

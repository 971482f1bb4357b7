import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lifecycleResult, type LifecycleRow } from '../lifecycle/lifecycle-result.ts';
import { lifecycleSql } from '../lifecycle/lifecycle-sql.ts';
import type { Selector } from '../selector/selector.ts';
import { periodOf } from '../stream/period.ts';
import { evaluatePaths } from '../testing/evaluate-paths.ts';
import { historiesOf } from '../testing/events.ts';
import { streams } from '../testing/streams.ts';
import { JourneyWorld } from '../testing/world.ts';
import { endsTogether, EXIT, OTHER, type PathsDefinition, START } from './paths.ts';
import { type PathRow, pathsResult } from './paths-result.ts';
import { pathsSql } from './paths-sql.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 60 : 2;
let world: JourneyWorld;

beforeAll(async () => {
  world = await JourneyWorld.start();
}, 60_000);

afterAll(async () => {
  await world.close();
});

const ANY: Selector = { events: [], where: [] };
const marks = fc.constantFrom<(Selector | undefined)[]>(
  undefined,
  undefined,
  { events: ['a'], where: [] },
  { events: ['b', 'c'], where: [{ field: 'properties.price', op: 'gt', value: 2 }] },
);
const definitions = fc.record({
  scope: fc.constantFrom({}, { from: Date.UTC(2026, 2, 27, 22, 0, 3), to: Date.UTC(2026, 2, 27, 22, 0, 18) }),
  unit: fc.constantFrom('person', 'session'),
  among: fc.constantFrom<Selector[]>(ANY, ANY, { events: ['a', 'b', 'c'], where: [] }),
  from: marks,
  to: marks,
  steps: fc.constantFrom(1, 2, 3, 5, 12),
  collapse: fc.boolean(),
});

/** Links by the definition: place of the source, source, target. */
function linksOf(definition: PathsDefinition, ways: readonly string[][]): Map<string, number> {
  const links = new Map<string, number>();
  for (const way of ways) {
    for (let i = 0; i + 1 < way.length; i++) {
      const step = endsTogether(definition) ? definition.steps - (way.length - 1) + i : i;
      const target = way[i + 1] as string;
      const isShown =
        (step > 0 || (step === 0 && i === 0)) &&
        (step < definition.steps || (step === definition.steps && target === EXIT));
      if (!isShown) continue;
      const key = `${step}:${way[i]} > ${step + 1}:${target}`;
      links.set(key, (links.get(key) ?? 0) + 1);
    }
  }
  return links;
}

it('paths equal the plain evaluation over the same events', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams({ tickMs: 500, ticks: 40, names: ['a', 'b', 'c', 'd', 'e'], length: 500 }),
      fc.array(definitions, { minLength: 8, maxLength: 8 }),
      async ({ events, moved }, asked) => {
        const database = await world.put(events, { moved });
        for (const { from, to, scope, ...one } of asked) {
          const definition = {
            ...one,
            top: 100,
            scope: { ...scope, database, includeBots: false },
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          } as PathsDefinition;
          const ways = evaluatePaths(definition, events);
          const rows = await world.ask<PathRow>(pathsSql(definition));
          const result = pathsResult(definition, rows);
          expect(result.paths).toBe(ways.length);
          const links = new Map(
            result.links.map(({ source, target, count }) => [`${source} > ${target}`, count]),
          );
          expect(Object.fromEntries(links)).toEqual(Object.fromEntries(linksOf(definition, ways)));
          const transitions = ways.reduce((sum, way) => sum + way.length - 1, 0);
          expect(result.transitions.reduce((sum, { count }) => sum + count, 0)).toBe(transitions);
          const few = pathsResult({ ...definition, top: 2 }, rows);
          for (const { id, step, event, count } of few.nodes) {
            const flow = (end: 'source' | 'target'): number =>
              few.links.filter((link) => link[end] === id).reduce((sum, link) => sum + link.count, 0);
            if (event !== START) expect(flow('target')).toBeLessThanOrEqual(count);
            if (
              event !== START &&
              event !== EXIT &&
              step < definition.steps &&
              !endsTogether(definition) &&
              to === undefined
            )
              expect(flow('source')).toBe(flow('target'));
            const names = few.nodes.filter(
              (node) => node.step === step && ![OTHER, EXIT, START].includes(node.event),
            );
            expect(names.length).toBeLessThanOrEqual(2);
          }
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 900_000);

describe('the life cycle', () => {
  it('equals the plain evaluation over the same events', async () => {
    await fc.assert(
      fc.asyncProperty(
        streams({ tickMs: 3_600_000, ticks: 24 * 40, names: ['a', 'b'], length: 400 }),
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
        async ({ events, moved }, period, timeZone) => {
          const database = await world.put(events, { moved });
          const observedUntil = Date.UTC(2026, 6, 1);
          const definition = {
            scope: { database, includeBots: false, to: observedUntil },
            unit: 'person' as const,
            activity: { events: ['a'], where: [] },
            period,
            timeZone,
            observedUntil,
          };
          const expected = new Map<string, number>();
          const add = (number: number, stage: string): void => {
            expected.set(`${number}:${stage}`, (expected.get(`${number}:${stage}`) ?? 0) + 1);
          };
          const active = events.filter(
            ({ event, bot, kind }) => event === 'a' && !bot && kind !== 'identify',
          );
          for (const history of historiesOf(active, ({ person }) => [person]).values()) {
            const numbers = new Set(history.map(({ at }) => periodOf(period, timeZone, at)));
            const first = Math.min(...numbers);
            for (const number of numbers) {
              add(number, number === first ? 'new' : numbers.has(number - 1) ? 'returning' : 'resurrected');
              if (!numbers.has(number + 1)) add(number + 1, 'dormant');
            }
          }
          const result = lifecycleResult(definition, await world.ask<LifecycleRow>(lifecycleSql(definition)));
          const got = new Map<string, number>();
          for (const { start, new: fresh, returning, resurrected, dormant } of result) {
            const number = periodOf(period, 'UTC', Date.parse(`${start}T12:00:00Z`));
            for (const [stage, count] of Object.entries({ new: fresh, returning, resurrected, dormant }))
              if (count > 0) got.set(`${number}:${stage}`, count);
          }
          expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 3 * RUNS, endOnFailure: true },
    );
  }, 900_000);
});

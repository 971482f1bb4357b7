import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FunnelDefinition } from '../funnel/funnel.ts';
import { evaluateFunnel } from '../testing/evaluate-funnel.ts';
import { evaluatePaths } from '../testing/evaluate-paths.ts';
import { evaluateRetention } from '../testing/evaluate-retention.ts';
import { streams } from '../testing/streams.ts';
import { JourneyWorld } from '../testing/world.ts';
import { createReadyViews } from './ready-views.ts';

let world: JourneyWorld;

beforeAll(async () => {
  world = await JourneyWorld.start();
}, 60_000);

afterAll(async () => {
  await world.close();
});

it('the ready views answer what the evaluations do', async () => {
  const [stream] = fc.sample(
    streams({ tickMs: 3_600_000, ticks: 200, names: ['a', 'b', 'c'], length: 500 }),
    {
      numRuns: 1,
      seed: 7,
    },
  );
  const { events, moved } = stream!;
  const database = await world.put(events, { moved });
  await createReadyViews(world.warehouse, database.replace('temas_', ''));
  const scope = { database, includeBots: false };
  const any = { events: [], where: [] };
  const select = (event: string) => ({ events: [event], where: [] });

  const steps = ['a', 'b', 'a'];
  const definition: FunnelDefinition = {
    scope,
    unit: 'person',
    steps: steps.map(select),
    order: 'ordered',
    windowMs: 86_400_000,
    exclusions: [],
    groups: 1,
  };
  const attempts = [...evaluateFunnel(definition, events).values()];
  const funnel = await world.warehouse.query<{ step: number; event: string; people: string }>(
    `SELECT * FROM ${database}.funnel_of(steps = ['a', 'b', 'a'], window_s = 86400)`,
  );
  expect(funnel.map(({ step, event, people }) => [step, event, Number(people)])).toEqual(
    steps.map((event, i) => [i + 1, event, attempts.filter(({ depth }) => depth > i).length]),
  );

  const members = evaluateRetention(
    {
      scope,
      unit: 'person',
      start: select('a'),
      back: any,
      period: 'day',
      periods: 30,
      cohorts: 'first_time',
      returns: 'bounded',
      clock: 'rolling',
      timeZone: 'UTC',
      groups: 1,
      observedUntil: 0,
    },
    events,
  );
  const retention = await world.warehouse.query<{ period: number; n: string }>(
    `SELECT period, sum(people) AS n FROM ${database}.retention_of(start_event = 'a', return_event = '', days = 1) GROUP BY period`,
  );
  for (const { period, n } of retention)
    expect(Number(n)).toBe(
      period === 0 ? members.length : members.filter(({ back }) => back.has(period)).length,
    );
  expect(retention.length).toBeGreaterThan(3);

  const ways = evaluatePaths(
    { scope, unit: 'session', among: any, from: select('b'), steps: 2, collapse: false, top: 9 },
    events,
  );
  const links = await world.warehouse.query<{ step: number; source: string; target: string; visits: string }>(
    `SELECT * FROM ${database}.path_links(start_event = 'b', steps = 2) WHERE step = 1`,
  );
  for (const { source, target, visits } of links)
    expect(Number(visits)).toBe(ways.filter((way) => way[1] === source && way[2] === target).length);
  expect(links.length).toBeGreaterThan(2);
});

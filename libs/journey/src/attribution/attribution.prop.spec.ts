import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ChannelRule, DEFAULT_CHANNEL_RULES } from '../channel/channel-rule.ts';
import { evaluateAttribution, type Way } from '../testing/evaluate-attribution.ts';
import { streams } from '../testing/streams.ts';
import { JourneyWorld } from '../testing/world.ts';
import type { AttributionDefinition } from './attribution.ts';
import { type AttributionRow, attributionResult, countedPath } from './attribution-result.ts';
import { attributionSql } from './attribution-sql.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 60 : 2;
const HOUR = 3_600_000;
let world: JourneyWorld;

beforeAll(async () => {
  world = await JourneyWorld.start();
}, 60_000);

afterAll(async () => {
  await world.close();
});

const OWN_RULES: readonly ChannelRule[] = [
  { channel: 'Brand', when: [{ field: 'campaign', op: 'matches', values: ['^spr'] }] },
  {
    channel: 'Not Google',
    when: [
      { field: 'source', op: 'is_not', values: ['google', '(direct)'] },
      { field: 'site', op: 'is', values: [''] },
    ],
  },
  { channel: 'Clicks', when: [{ field: 'click_id', op: 'contains', values: ['clid'] }] },
];
const TOUCH = { events: ['b', 'c'], where: [] };
const definitions = fc.record({
  scope: fc.constantFrom({}, { from: Date.UTC(2026, 2, 28, 12), to: Date.UTC(2026, 3, 4) }),
  conversion: fc.constantFrom(
    { of: 'events', selector: { events: ['a'], where: [] }, valueField: 'properties.price' },
    { of: 'events', selector: { events: ['d'], where: [] } },
  ),
  touches: fc.constantFrom(
    { of: 'visits', by: 'channel' },
    { of: 'visits', by: 'source' },
    { of: 'visits', by: 'campaign' },
    { of: 'visits', by: 'source_medium' },
    { of: 'events', selector: TOUCH, by: 'medium' },
    { of: 'events', selector: TOUCH, field: 'properties.price' },
  ),
  rules: fc.constantFrom(DEFAULT_CHANNEL_RULES, DEFAULT_CHANNEL_RULES, OWN_RULES),
  lookbackMs: fc.constantFrom(0, 24 * HOUR, 5 * 24 * HOUR, 1_000 * HOUR),
  restart: fc.boolean(),
  halfLifeMs: fc.constantFrom(HOUR, 7 * 24 * HOUR),
});

/** Paths with what was counted of them, by text. */
function counted(ways: readonly Way[]): Record<string, number[]> {
  const paths: Record<string, number[]> = {};
  for (const { path, converted, worth } of ways) {
    const own = (paths[path.join(' > ')] ??= [0, 0, 0]);
    own[0]! += converted ? 1 : 0;
    own[1]! += worth;
    own[2]! += converted ? 0 : 1;
  }
  return paths;
}

function decayed(ways: readonly Way[], halfLifeMs: number): Map<string, number> {
  const credit = new Map<string, number>();
  for (const { path, converted, ages } of ways) {
    if (!converted) continue;
    const weights = ages.map((age) => 2 ** ((ages.at(-1)! - age) / halfLifeMs));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    path.forEach((name, i) => credit.set(name, (credit.get(name) ?? 0) + weights[i]! / whole));
  }
  return credit;
}

it('paths to conversions equal the plain evaluation over the same events', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams({ tickMs: HOUR, ticks: 24 * 12, names: ['a', 'b', 'c', 'd'], length: 500 }),
      fc.array(definitions, { minLength: 8, maxLength: 8 }),
      async ({ events, moved }, asked) => {
        const database = await world.put(events, { moved });
        for (const one of asked) {
          const definition = {
            ...one,
            scope: { ...one.scope, database, includeBots: false },
          } as AttributionDefinition;
          const ways = evaluateAttribution(definition, events);
          const paths = (await world.ask<AttributionRow>(attributionSql(definition))).map(countedPath);
          const got = paths.map(({ touches, conversions, value, nulls }) => [
            touches.join(' > '),
            [conversions, value, nulls],
          ]);
          expect(Object.fromEntries(got)).toEqual(counted(ways));
          const choice = { models: ['time_decay' as const], markovOrder: 1, halfLifeDays: 7, direct: [] };
          const credits = attributionResult(paths, choice).models.time_decay ?? [];
          for (const [name, conversions] of decayed(ways, definition.halfLifeMs))
            expect(credits.find((credit) => credit.name === name)?.conversions).toBeCloseTo(conversions, 9);
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 900_000);

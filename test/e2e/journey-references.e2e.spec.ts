import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { credit, journeyWorld } from '../support/journey-world.ts';
import type { Counts, Credits } from '../support/journey-world.ts';
import { cli } from '../support/cli.ts';
import { clickstreamBatches } from '../support/clickstream.ts';
import { sharedData } from '../support/shared-data.ts';

const clicks = sharedData('clickstream/simple_onlineshop.csv');
const pathsFile = sharedData('attribution/paths.csv');

describe('journeys of reference data', () => {
  const world = journeyWorld();
  const { ask, send } = world;

  (pathsFile ? describe : describe.skip)('of given paths', () => {
    const rows = pathsFile === undefined ? [] : readFileSync(pathsFile, 'utf8').trim().split('\n').slice(1);
    const paths = rows.map((line) => {
      const [path, conversions, value, nulls] = line.split(';');
      return { path, conversions: Number(conversions), value: Number(value), nulls: Number(nulls) };
    });

    it('are shared out by the command, too', () => {
      const done = cli(
        ['attribution', '--paths', pathsFile as string, '--models', 'first,markov'],
        world.temas.url,
        world.path,
      );
      expect(done.status).toBe(0);
      expect(done.stdout).toMatch(/^alpha +6308\.000000 .* 5344\.947682 .* 0\.558399$/m);
      expect(done.stdout).toContain('P(conversion) 0.2238451356');
      expect(
        cli(['attribution', '--paths', pathsFile as string, '--order', '9'], world.temas.url, world.path)
          .status,
      ).toBe(1);
    }, 60_000);

    it('equal the reference to six digits', async () => {
      const answer = await ask<Credits>('attribution', { paths });
      expect(answer).toMatchObject({ conversions: 19_785, nulls: 68_602 });
      expect(answer.value).toBeCloseTo(74_802.97, 2);
      const alpha = (model: string): number => credit(answer, model).alpha as number;
      expect(alpha('first')).toBe(6308);
      expect(alpha('last')).toBe(8447);
      expect(alpha('linear')).toBeCloseTo(7574.7186, 4);
      expect(alpha('markov')).toBeCloseTo(5344.948, 3);
      expect(answer.models.markov?.find(({ name }) => name === 'eta')?.removalEffect).toBeCloseTo(
        0.349026,
        6,
      );
      expect(answer.models.time_decay).toBeUndefined();
      for (const markovOrder of [2, 3]) {
        const higher = await ask<Credits & { markov: { pConversion: number } }>('attribution', {
          paths,
          markovOrder,
          models: ['markov'],
        });
        expect(higher.markov.pConversion).toBeCloseTo(19_785 / 88_387, 12);
      }
    }, 60_000);
  });

  (clicks ? describe : describe.skip)('of the web shop', () => {
    const steps = ['main', 'catalog', 'product2', 'cart', 'payment_done'];
    // Without the people above.
    const scope = { from: '2019-10-01', to: '2020-06-01' };

    beforeAll(async () => {
      for (const { batch } of clicks === undefined ? [] : clickstreamBatches(clicks, 1_000))
        await send(batch);
    }, 120_000);

    it('have the reference funnels', async () => {
      const counts = async (body: object): Promise<number[]> =>
        (await ask<Counts>('funnel', { steps, ...scope, ...body })).steps.map(({ count }) => count);
      expect(await counts({})).toEqual([2385, 2015, 821, 556, 204]);
      expect(await counts({ windowSeconds: 60 })).toEqual([2385, 2015, 698, 273, 65]);
    }, 60_000);

    it('list who was lost where, page by page', async () => {
      const people: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask<{ people: { id: string; steps: number }[]; cursor?: string }>(
          'funnel/people',
          {
            steps,
            ...scope,
            step: 4,
            limit: 200,
            ...(cursor === undefined ? {} : { cursor }),
          },
        );
        expect(page.people.every((one) => one.steps === 4)).toBe(true);
        people.push(...page.people.map(({ id }) => id));
        ({ cursor } = page);
      } while (cursor !== undefined);
      expect(new Set(people).size).toBe(556 - 204);
      expect(people).toHaveLength(556 - 204);
    }, 60_000);

    it('have the reference retention', async () => {
      const days = async (returns: string): Promise<number[]> => {
        const { periods } = await ask<{ periods: { returned: number }[] }>('retention', {
          ...scope,
          periods: 30,
          returns,
        });
        return [1, 3, 7, 14, 30].map((day) => periods[day]?.returned as number);
      };
      expect(await days('bounded')).toEqual([107, 79, 72, 55, 20]);
      expect(await days('unbounded')).toEqual([1242, 1123, 924, 675, 333]);
    }, 60_000);

    it('are written as one page', () => {
      const out = join(world.path, 'journeys.html');
      const args = ['report', 'journeys', '--out', out, '--from', '2019-10-01', '--to', '2020-06-01'];
      const done = cli(
        [...args, '--steps', steps.join(','), '--conversion', 'payment_done'],
        world.temas.url,
        world.path,
      );
      expect(done).toMatchObject({ status: 0, stdout: `${out}\n` });
      const page = readFileSync(out, 'utf8');
      for (const shown of ['2,385', '204 converted', '1. main', 'Conversion'.toLowerCase()])
        expect(page).toContain(shown);
      // Nothing is fetched from anywhere.
      expect(page.replaceAll(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/(src|href)=/);
      expect(cli(['report', 'nothing'], world.temas.url, world.path).status).toBe(1);
    }, 60_000);

    it('have the reference paths', async () => {
      const { transitions, paths, nodes } = await ask<{
        transitions: { from: string; to: string; count: number }[];
        nodes: { step: number; event: string; count: number }[];
        paths: number;
      }>('paths', { ...scope, steps: 4, top: 5 });
      const frequent = transitions.filter(({ from }) => from !== '(start)').slice(0, 3);
      expect(frequent.map(({ from, to, count }) => [from, to, count])).toEqual([
        ['catalog', 'catalog', 4857],
        ['main', 'catalog', 4064],
        ['lost', '(exit)', 3098],
      ]);
      expect(paths).toBe(6454);
      expect(nodes.find(({ event }) => event === '(start)')?.count).toBe(6454);
    }, 60_000);
  });
});

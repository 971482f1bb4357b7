import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clickstreamBatches } from '../support/clickstream.ts';
import { untilItWorks } from '../support/retry.ts';
import { sharedData } from '../support/shared-data.ts';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const clicks = sharedData('clickstream/simple_onlineshop.csv');
const pathsFile = sharedData('attribution/paths.csv');

interface Counts {
  readonly steps: { count: number; fromPrevious: number | null; dropped: number }[];
  readonly timeToConvert: { median: number | null };
  readonly sql: string;
  readonly parameters: Record<string, unknown>;
  readonly ms: number;
}

interface Problem {
  readonly errors?: { field: string; message: string }[];
  readonly detail: string;
}

interface Credits {
  readonly conversions: number;
  readonly value: number;
  readonly nulls: number;
  readonly models: Record<
    string,
    { name: string; conversions: number; value: number; removalEffect?: number }[]
  >;
  readonly unattributed: { conversions: number; value: number };
}

/** Runs the command as an operator of this Temas does. */
function cli(
  args: readonly string[],
  url: string,
  dataDir: string,
): { status: number | null; stdout: string } {
  const program = fileURLToPath(new URL('../../dist/apps/standalone/src/cli.js', import.meta.url));
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    TEMAS_PORT: new URL(url).port,
    TEMAS_DATA_DIR: dataDir,
    TEMAS_WRITE_KEY: KEYS.write,
    TEMAS_ADMIN_KEY: KEYS.admin,
    TEMAS_ANALYST_KEY: KEYS.analyst,
  };
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  return { status, stdout };
}

describe('journeys', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let last = '0';

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function ask<T>(path: string, body: object, status = 200): Promise<T> {
    const answer = await temas.call<T>('POST', `/v1/analytics/${path}?after=${last}&wait=60`, body);
    if (answer.status !== status)
      throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 2_000)}`);
    return answer.body;
  }

  async function send(batch: readonly object[]): Promise<void> {
    const { body } = await untilItWorks(() => temas.send('batch', { batch }));
    expect(body.errors).toBeUndefined();
    last = body.position as string;
  }

  /** Credit of a model by name. */
  function credit(answer: Credits, model: string): Record<string, number> {
    return Object.fromEntries(
      (answer.models[model] ?? []).map(({ name, conversions }) => [name, conversions]),
    );
  }

  describe('of people whose visits came from somewhere', () => {
    const at = (day: number, minute = 0): string =>
      new Date(Date.UTC(2025, 0, 1 + day, 9, minute)).toISOString();
    const visit = (who: object, day: number, url: string, referrer = ''): object => ({
      type: 'page',
      ...who,
      timestamp: at(day),
      properties: { url: `https://shop.example${url}`, path: '/', referrer },
    });
    const order = (userId: string, day: number, id: string, revenue: number): object => ({
      type: 'track',
      event: 'Order Completed',
      userId,
      timestamp: at(day, 5),
      properties: { order_id: id, revenue, currency: 'EUR' },
    });

    beforeAll(async () => {
      await send([
        // A visitor who logs in later: paths run over both identifiers.
        visit({ anonymousId: 'dev-1' }, 0, '/?utm_source=newsletter&utm_medium=email&utm_campaign=spring'),
        {
          type: 'identify',
          anonymousId: 'dev-1',
          userId: 'buyer-1',
          timestamp: at(0, 1),
          traits: { plan: 'basic' },
        },
        visit({ anonymousId: 'dev-1b' }, 2, '/', 'https://www.google.de/'),
        {
          type: 'identify',
          anonymousId: 'dev-1b',
          userId: 'buyer-1',
          timestamp: at(2, 1),
          traits: { plan: 'gold' },
        },
        visit({ anonymousId: 'dev-1' }, 3, '/'),
        order('buyer-1', 3, 'o-1', 100),
        // The same order from the server, and one that came to nothing.
        { ...order('buyer-1', 3, 'o-1', 100), context: { library: { name: 'server' } } },
        order('buyer-1', 4, 'o-2', 40),
        {
          type: 'track',
          event: 'Order Cancelled',
          userId: 'buyer-1',
          timestamp: at(5),
          properties: { order_id: 'o-2' },
        },
        visit({ userId: 'buyer-2' }, 1, '/?gclid=abc'),
        order('buyer-2', 40, 'o-3', 10),
        visit({ userId: 'looker' }, 1, '/', 'https://l.facebook.com/'),
        order('server-only', 1, 'o-4', 7),
      ]);
    }, 60_000);

    it('gives orders to the channels before them', async () => {
      const answer = await ask<Credits>('attribution', { conversion: { currency: 'EUR' } });
      expect(answer).toMatchObject({
        conversions: 1,
        value: 100,
        // buyer-2's visit is older than 30 days, the order of server-only has no visit; only looker never bought.
        unattributed: { conversions: 2, value: 17 },
        nulls: 1,
      });
      expect(credit(answer, 'first')).toMatchObject({ Email: 1 });
      expect(credit(answer, 'last')).toMatchObject({ Direct: 1 });
      expect(credit(answer, 'last_non_direct')).toMatchObject({ 'Organic Search': 1 });
      expect(credit(answer, 'position_based')).toMatchObject({
        Email: 0.4,
        'Organic Search': 0.2,
        Direct: 0.4,
      });
    });

    it('looks back as far as it is told, and shares revenue among campaigns', async () => {
      const far = await ask<Credits>('attribution', { lookbackDays: 60, by: 'campaign', models: ['first'] });
      expect(far.models.first?.filter(({ conversions }) => conversions > 0)).toMatchObject([
        { name: '(not set)', value: 10 },
        { name: 'spring', value: 100 },
      ]);
      const near = await ask<Credits>('attribution', { lookbackDays: 1.5, models: ['first'] });
      expect(credit(near, 'first')).toMatchObject({ 'Organic Search': 1 });
    });

    it('puts past visits into channels by new rules at once', async () => {
      const rules = [
        { channel: 'Paid', when: [{ field: 'click_id', op: 'is', values: ['gclid'] }] },
        { channel: 'Rest', when: [] },
      ];
      const set = await temas.call<{ isDefault: boolean }>('PUT', '/v1/channels', { rules });
      expect(set).toMatchObject({ status: 200, body: { isDefault: false } });
      const own = await ask<Credits>('attribution', { lookbackDays: 60, models: ['first'] });
      expect(credit(own, 'first')).toEqual({ Paid: 1, Rest: 1 });
      const bad = await temas.call<Problem>('PUT', '/v1/channels', {
        rules: [{ channel: 'x', when: [{ field: 'medium', op: 'matches', values: ['('] }] }],
      });
      expect(bad.status).toBe(400);
      expect(bad.body.errors?.map(({ field }) => field)).toEqual(['rules[0].when[0].values']);
      expect((await temas.call<{ isDefault: boolean }>('DELETE', '/v1/channels')).body.isDefault).toBe(true);
    });

    it('breaks a funnel down by the trait at the time, and by accounts', async () => {
      const funnel = await ask<{ groups: { value: string | null; entered: number }[] }>('funnel', {
        steps: [{ kind: 'page' }],
        order: 'any',
        breakdown: { trait: 'plan' },
      });
      expect(funnel.groups.map(({ value, entered }) => [value, entered])).toEqual([[null, 3]]);
      const later = await ask<{ groups: { value: string | null; entered: number }[] }>('funnel', {
        steps: [
          {
            kind: 'page',
            where: [
              { field: 'url', op: 'not_contains', value: 'utm_' },
              { field: 'referrer', op: 'absent' },
            ],
          },
        ],
        breakdown: { trait: 'plan' },
      });
      expect(later.groups.map(({ value, entered }) => [value, entered])).toEqual([
        [null, 1],
        ['gold', 1],
      ]);
      await send([
        { type: 'group', userId: 'buyer-1', groupId: 'acme', timestamp: at(1) },
        { type: 'group', userId: 'buyer-2', groupId: 'acme', timestamp: at(1) },
      ]);
      const accounts = await ask<Counts>('funnel', {
        steps: [{ kind: 'page' }, 'Order Completed'],
        unit: 'account',
      });
      expect(accounts.steps.map(({ count }) => count)).toEqual([1, 1]);
    });

    it('tells the life cycle by week', async () => {
      const { periods } = await ask<{ periods: Record<string, unknown>[] }>('lifecycle', {
        to: '2025-02-20T00:00:00Z',
      });
      expect(periods.slice(0, 3)).toMatchObject([
        { start: '2024-12-30', new: 4, returning: 0, resurrected: 0, dormant: 0 },
        { start: '2025-01-06', new: 0, returning: 1, dormant: 3 },
        { start: '2025-01-13', active: 0, dormant: 1 },
      ]);
      expect(periods.find(({ start }) => start === '2025-02-10')).toMatchObject({ resurrected: 1 });
    });

    it('keeps questions under names', async () => {
      const definition = { steps: ['Order Completed'], unit: 'person' };
      const saved = await temas.call<{ position: string }>('POST', '/v1/reports', {
        name: 'orders',
        kind: 'funnel',
        definition,
      });
      expect(saved).toMatchObject({ status: 200, body: { name: 'orders', kind: 'funnel', definition } });
      const run = await temas.call<Counts & { report: string }>(
        'POST',
        `/v1/reports/orders/run?after=${last}`,
      );
      expect(run.body).toMatchObject({ report: 'orders', kind: 'funnel', steps: [{ count: 3 }] });
      const { body } = await temas.get<{ reports: { name: string }[] }>('/v1/reports');
      expect(body.reports.map(({ name }) => name)).toEqual(['orders']);
      const bad = await temas.call<Problem>('POST', '/v1/reports', {
        name: 'bad',
        kind: 'retention',
        definition: { periods: 0 },
      });
      expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'periods' }] } });
      expect((await temas.call('DELETE', '/v1/reports/orders')).status).toBe(200);
      expect((await temas.call('POST', '/v1/reports/orders/run')).status).toBe(404);
    });

    it('names the place of what it cannot take', async () => {
      const places = async (path: string, body: object): Promise<string[]> =>
        ((await ask<Problem>(path, body, 400)).errors ?? []).map(({ field }) => field);
      expect(await places('funnel', {})).toEqual(['steps']);
      expect(await places('funnel', { steps: ['a', { where: [{ field: 'nothing', op: 'is' }] }] })).toEqual([
        'steps[1].where[0].field',
        'steps[1].where[0].op',
      ]);
      expect(
        await places('funnel', {
          steps: ['a', { event: 'b', where: [{ field: 'path', op: 'gt', value: 'x' }] }],
        }),
      ).toEqual(['steps[1].where[0].value']);
      expect(await places('funnel', { steps: ['a', 'b'], exclusions: [{ event: 'c', before: 3 }] })).toEqual([
        'exclusions[0].before',
      ]);
      expect(await places('funnel', { steps: ['a'], breakdown: { segment: 'vip' } })).toEqual([
        'breakdown.segment',
      ]);
      expect(await places('retention', { timeZone: 'Mars/Olympus', periods: 1.5 })).toEqual([
        'periods',
        'timeZone',
      ]);
      expect((await temas.call('PUT', '/v1/settings/time-zone', { timeZone: 'Mars/X' })).status).toBe(400);
      expect(await places('paths', { steps: 99, start: 7 })).toEqual(['start', 'steps']);
      expect(
        await places('attribution', {
          paths: [
            { path: 'a > b', conversions: -1 },
            { path: [], wins: 1 },
          ],
        }),
      ).toEqual(['paths[0].conversions', 'paths[1].wins']);
      expect((await temas.call('POST', '/v1/analytics/funnel', [])).status).toBe(400);
      const response = await fetch(`${temas.url}/v1/analytics/funnel`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(401);
    });

    it('asks as the SQL door can be asked again', async () => {
      const text = `it's "50 %" \\ 'ığ'\t😀`;
      await send([
        { type: 'track', event: text, userId: text, timestamp: at(1), properties: { label: text } },
      ]);
      const steps = [{ event: text, where: [{ field: 'properties.label', op: 'eq', value: text }] }];
      const answer = await ask<Counts>('funnel', { steps });
      expect(answer.steps.map(({ count }) => count)).toEqual([1]);
      expect(Object.values(answer.parameters)).toContainEqual([text]);
      expect(answer.ms).toBeGreaterThan(0);
      const search = new URLSearchParams({ default_format: 'JSONEachRow' });
      const element = (value: unknown): string =>
        typeof value === 'string'
          ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t')}'`
          : JSON.stringify(value);
      for (const [name, value] of Object.entries(answer.parameters)) {
        const plain = String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t');
        search.set(`param_${name}`, Array.isArray(value) ? `[${value.map(element).join(',')}]` : plain);
      }
      const again = await fetch(`${temas.url}/sql?${search.toString()}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEYS.analyst}` },
        body: answer.sql,
      });
      expect(JSON.parse(await again.text())).toMatchObject({ reached: ['1'] });
    });
  });

  (pathsFile ? describe : describe.skip)('of given paths', () => {
    const rows = pathsFile === undefined ? [] : readFileSync(pathsFile, 'utf8').trim().split('\n').slice(1);
    const paths = rows.map((line) => {
      const [path, conversions, value, nulls] = line.split(';');
      return { path, conversions: Number(conversions), value: Number(value), nulls: Number(nulls) };
    });

    it('are shared out by the command, too', () => {
      const done = cli(
        ['attribution', '--paths', pathsFile as string, '--models', 'first,markov'],
        temas.url,
        data.path,
      );
      expect(done.status).toBe(0);
      expect(done.stdout).toMatch(/^alpha +6308\.000000 .* 5344\.947682 .* 0\.558399$/m);
      expect(done.stdout).toContain('P(conversion) 0.2238451356');
      expect(
        cli(['attribution', '--paths', pathsFile as string, '--order', '9'], temas.url, data.path).status,
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
      const out = join(data.path, 'journeys.html');
      const args = ['report', 'journeys', '--out', out, '--from', '2019-10-01', '--to', '2020-06-01'];
      const done = cli(
        [...args, '--steps', steps.join(','), '--conversion', 'payment_done'],
        temas.url,
        data.path,
      );
      expect(done).toMatchObject({ status: 0, stdout: `${out}\n` });
      const page = readFileSync(out, 'utf8');
      for (const shown of ['2,385', '204 converted', '1. main', 'Conversion'.toLowerCase()])
        expect(page).toContain(shown);
      // Nothing is fetched from anywhere.
      expect(page.replaceAll(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/(src|href)=/);
      expect(cli(['report', 'nothing'], temas.url, data.path).status).toBe(1);
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

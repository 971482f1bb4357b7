import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, fitted, type ShownFit } from '../support/fits.ts';
import { bgNbdTimes, seeded } from '../../libs/analytics/src/testing/simulate.ts';
import { untilItWorks } from '../support/retry.ts';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2024, 0, 1);

interface Bought {
  readonly who: object;
  readonly day: number;
  readonly revenue?: number;
  readonly currency?: string;
}

let orders = 0;
function order({ who, day, revenue = 20, currency = 'USD' }: Bought): object {
  const timestamp = new Date(BEGIN + day * DAY_MS).toISOString();
  const properties = { order_id: `o-${orders++}`, revenue, currency };
  return { type: 'track', event: 'Order Completed', ...who, timestamp, properties };
}

/** Days on which a customer of a simulated shop buys: a first one, and what BG/NBD makes of the rest of a year. */
function buyingDays(random: () => number): number[] {
  const first = Math.floor(random() * 120);
  const times = bgNbdTimes(random, { r: 0.6, alpha: 3, a: 0.8, b: 2.5 }, (360 - first) / 7);
  return [...new Set([first, ...times.map((weeks) => first + Math.ceil(weeks * 7))])];
}

/** A shop in one currency. */
function shop(currency: string, customers: number, revenue: (random: () => number) => number): object[] {
  const random = seeded(customers);
  return Array.from({ length: customers }, (_, n) =>
    buyingDays(random).map((day) =>
      order({ who: { userId: `${currency}-${n}` }, day, revenue: revenue(random), currency }),
    ),
  ).flat();
}

/** Purchases worth between 5 and 100, by people who spend more and less. */
function anything(random: () => number): number {
  return Math.round(500 + 9_500 * random() ** 3) / 100;
}

interface Score {
  readonly user: string;
  readonly purchase_days: number;
  readonly revenue: number;
  readonly cutoff: string;
  readonly p_alive: number;
  readonly expected_orders_90d: number;
  readonly currency: string;
}

describe('fits', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    await send([
      ...shop('USD', 230, anything),
      ...shop('EUR', 180, anything),
      ...shop('ZRO', 150, () => 0),
      ...shop('NEG', 151, () => -5),
      ...shop('SAM', 152, () => 25),
      // Returns that a system writes as orders.
      ...Array.from({ length: 20 }, (_, n) =>
        order({ who: { userId: `SAM-${n}` }, day: 361 + n, currency: 'SAM', revenue: -25 }),
      ),
      // USD-1 and USD-2 buy in euros too.
      ...[1, 2].map((n) => order({ who: { userId: `USD-${n}` }, day: 50, currency: 'EUR', revenue: 99 })),
      ...[0, 30, 60].map((day) => order({ who: { userId: 'ONE-1' }, day, currency: 'ONE' })),
      ...Array.from({ length: 60 }, (_, n) =>
        order({ who: { userId: `ONC-${n}` }, day: n, currency: 'ONC' }),
      ),
      ...Array.from({ length: 40 }, (_, n) =>
        [0, 1, 2, 3].map((day) => order({ who: { userId: `DLY-${n}` }, day, currency: 'DLY' })),
      ).flat(),
      // Dated in 2999: they count from when they came.
      ...Array.from({ length: 40 }, (_, n) =>
        [0, 356_000].map((day) => order({ who: { userId: `FUT-${n}` }, day: day + n, currency: 'FUT' })),
      ).flat(),
    ]);
  }, 120_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  /** Sends, and answers the position of the last item. */
  async function send(items: object[]): Promise<string> {
    let position = '0';
    for (let from = 0; from < items.length; from += 500) {
      const { body } = await temas.send('batch', { batch: items.slice(from, from + 500) });
      if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors[0]));
      position = body.position as string;
    }
    return position;
  }

  function scoresOf(currency: string): Promise<Score[]> {
    return temas.sql<Score>(
      `SELECT p.user_ids[1] AS user, s.* FROM profile_scores AS s INNER JOIN profiles AS p USING (profile_id)
       WHERE s.currency = '${currency}' ORDER BY user`,
    );
  }

  /** Numbers that are none, in any column of the scores. */
  async function notNumbers(): Promise<number> {
    const columns = await temas.sql<{ name: string }>(
      `SELECT name FROM system.columns WHERE database = 'temas' AND table = 'profile_scores' AND type LIKE '%Float64%'`,
    );
    const bad = columns.map(({ name }) => `countIf(NOT isFinite(ifNull(${name}, 0)))`).join(' + ');
    const [row] = await temas.sql<{ bad: string }>(`SELECT ${bad} AS bad FROM profile_scores`);
    return Number(row?.bad);
  }

  it.each([
    ['ONE', 'too_few_customers'],
    ['ONC', 'no_repeat_purchases'],
    ['XXX', 'no_purchases'],
    ['NEG', 'no_purchases'],
    ['DLY', 'no_time_after_purchases'],
  ])('of %s give a reason and no numbers', async (currency, code) => {
    const fit = await fitted(temas, { model: 'auto', currency });
    expect(fit).toMatchObject({ status: 'failed', parameters: null, logLikelihood: null, reason: { code } });
    expect(fit.reason?.detail).toMatch(/\.$/);
    expect(await scoresOf(currency)).toEqual([]);
    const [row] = await temas.sql(
      `SELECT status, log_likelihood, reason != '' AS told FROM model_runs WHERE currency = '${currency}' LIMIT 1`,
    );
    expect(row).toEqual({ status: 'failed', log_likelihood: null, told: 1 });
  });

  it.each([
    ['ZRO', ['bg_nbd', 'pareto_nbd', 'gamma_gamma']],
    ['SAM', ['auto', 'gamma_gamma']],
    ['FUT', ['auto', 'gamma_gamma']],
  ])(
    'of %s give right numbers or a reason',
    async (currency, models) => {
      const seen: string[] = [];
      for (const model of models) {
        const fit: ShownFit = await fitted(temas, { model, currency });
        seen.push(fit.status);
        if (fit.status === 'failed') {
          expect(fit).toMatchObject({ parameters: null, logLikelihood: null });
          expect(fit.reason?.detail).toMatch(/\.$/);
          continue;
        }
        const numbers = [...Object.values(fit.parameters ?? {}), ...Object.values(fit.standardErrors ?? {})];
        expect(numbers.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
        expect(JSON.stringify(fit)).not.toMatch(/NaN|Infinity/);
        expect(await notNumbers()).toBe(0);
        for (const score of await scoresOf(currency)) {
          if (currency === 'ZRO') expect(score).toMatchObject({ clv: 0, expected_spend: 0 });
          if (currency === 'SAM')
            expect(score).toMatchObject({ expected_spend: 25, revenue: 25 * score.purchase_days });
          expect(score.cutoff <= new Date().toISOString().slice(0, 10)).toBe(true);
        }
      }
      // Money that is always the same, or none, has no distribution.
      expect(seen.at(-1)).toBe('failed');
      expect(currency === 'FUT' || seen.includes('succeeded')).toBe(true);
    },
    60_000,
  );

  it('count one currency, the most used one where none is named', async () => {
    const dollars = await fitted(temas, { model: 'bg_nbd' });
    expect(dollars).toMatchObject({
      status: 'succeeded',
      currency: 'USD',
      customers: 230,
      cutoff: expect.any(String),
    });
    const euros = await fitted(temas, { model: 'bg_nbd', currency: 'EUR' });
    expect(euros.customers).toBe(182);
    expect(euros.dataDigest).not.toBe(dollars.dataDigest);
    const both = await temas.sql<{ currency: string; people: string }>(
      `SELECT currency, count() AS people FROM profile_scores WHERE currency IN ('USD', 'EUR') GROUP BY currency ORDER BY currency`,
    );
    // The two who buy in both have one score: the newest.
    expect(both).toEqual([
      { currency: 'EUR', people: '182' },
      { currency: 'USD', people: '228' },
    ]);
    expect((await scoresOf('EUR')).find(({ user }) => user === 'USD-1')?.revenue).toBe(99);
    const again = await fitted(temas, { model: 'bg_nbd', currency: 'USD' });
    expect([again.dataDigest, again.logLikelihood]).toEqual([dollars.dataDigest, dollars.logLikelihood]);
  });

  async function identity(
    kind: string,
    ...users: string[]
  ): Promise<{ commandId: string; position: string }> {
    const identifiers = users.map((value) => ({ namespace: 'user_id', value }));
    const what = kind === 'undo' ? { command: users[0] } : { identifiers };
    const { status, body } = await temas.call<{ commandId: string; position: string }>(
      'POST',
      '/v1/identity/commands',
      { kind, ...what, reason: 'test' },
    );
    expect(status).toBe(201);
    return body;
  }

  it('follow merges and splits, and the digest proves it', async () => {
    const request = { model: 'bg_nbd', currency: 'USD', cutoff: '2024-12-31' };
    const before = await fitted(temas, request);
    const merge = await identity('merge', 'USD-3', 'USD-4');
    await temas.sql('SELECT 1', merge.position);
    // At once, and before any fit: who was absorbed has no score any more.
    expect((await scoresOf('USD')).filter(({ user }) => user === 'USD-3' || user === 'USD-4')).toHaveLength(
      1,
    );
    const merged = await fitted(temas, request);
    expect(merged.customers).toBe(before.customers - 1);
    expect(merged.dataDigest).not.toBe(before.dataDigest);
    await identity('undo', merge.commandId);
    const split = await fitted(temas, request);
    expect([split.customers, split.dataDigest]).toEqual([before.customers, before.dataDigest]);
    expect(split.logLikelihood).toBe(before.logLikelihood);
  });

  it('score anew who changed since', async () => {
    await fitted(temas, { model: 'bg_nbd', currency: 'USD' });
    const find = async (user: string): Promise<Score | undefined> =>
      (await scoresOf('USD')).find((score) => score.user === user);
    const before = (await find('USD-10')) as Score;
    const scored = (await scoresOf('USD')).length;
    const day = 400;
    const on = new Date(BEGIN + day * DAY_MS).toISOString().slice(0, 10);
    await send([
      order({ who: { userId: 'USD-10' }, day, revenue: 70 }),
      order({ who: { userId: 'USD-new' }, day, revenue: 30 }),
    ]);
    const merge = await identity('merge', 'USD-20', 'USD-21');
    await temas.sql('SELECT 1', merge.position);
    await untilItWorks(async () => {
      const after = (await find('USD-10')) as Score;
      expect(after.purchase_days).toBe(before.purchase_days + 1);
      expect(after.revenue).toBe(before.revenue + 70);
      // Who bought after the cutoff is scored as of that day; the others stay.
      expect(after.cutoff).toBe(on);
      expect(after.p_alive).not.toBe(before.p_alive);
      expect(await find('USD-new')).toMatchObject({ purchase_days: 1, cutoff: on });
      // One person less for the merge, one more for the new customer, and everybody by the orders of now.
      const people = await temas.sql<{ scored: string; bought: string }>(
        `SELECT s.purchase_days AS scored, o.bought AS bought FROM profile_scores AS s INNER JOIN (
           SELECT profile_id, uniqExact(toDate(ordered_at)) AS bought FROM orders WHERE currency = 'USD' GROUP BY profile_id
         ) AS o USING (profile_id) WHERE s.currency = 'USD'`,
      );
      expect(people).toHaveLength(scored);
      for (const { scored: days, bought } of people) expect(Number(days)).toBe(Number(bought));
    });
    expect(await notNumbers()).toBe(0);
  }, 90_000);

  it('can be cancelled while they wait, and end once', async () => {
    const ask = (): Promise<{ body: { runId: string } }> =>
      temas.call<{ runId: string }>('POST', '/v1/analytics/fits', { currency: 'USD' });
    const [first, second] = [(await ask()).body.runId, (await ask()).body.runId];
    const cancelled = await temas.call<ShownFit>('DELETE', `/v1/analytics/fits/${second}`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', parameters: null, reason: null });
    expect((await temas.call('DELETE', `/v1/analytics/fits/${second}`)).status).toBe(409);
    expect((await ended(temas, first)).status).toBe('succeeded');
    expect((await ended(temas, second)).status).toBe('cancelled');
    const { body } = await temas.get<{ fits: ShownFit[] }>('/v1/analytics/fits');
    expect(body.fits.slice(0, 2).map(({ status }) => status)).toEqual(['cancelled', 'succeeded']);
  });

  it('are asked for by schedules', async () => {
    const path = '/v1/analytics/fit-schedules/nightly';
    for (const [body, field] of [
      [{ everyHours: 0 }, 'everyHours'],
      [{ everyHours: 24, cutoff: '2024-12-31' }, 'cutoff'],
    ] as const) {
      const { status, body: told } = await temas.call<{ errors: { field: string }[] }>('PUT', path, body);
      expect([status, told.errors.map((error) => error.field)]).toEqual([400, [field]]);
    }
    const set = await temas.call('PUT', path, { everyHours: 24, model: 'mbg_nbd', currency: 'EUR' });
    expect(set.status).toBe(200);
    const run = await untilItWorks(async () => {
      const { body } = await temas.get<{ fits: ShownFit[] }>('/v1/analytics/fits');
      const found = body.fits.filter(({ schedule }) => schedule === 'nightly');
      expect(found).toHaveLength(1);
      return found[0] as ShownFit;
    });
    expect(await ended(temas, run.runId)).toMatchObject({
      status: 'succeeded',
      model: 'mbg_nbd',
      currency: 'EUR',
    });
    const { body } = await temas.get<{ schedules: object[] }>('/v1/analytics/fit-schedules');
    expect(body.schedules).toMatchObject([
      { name: 'nightly', everyHours: 24, request: { model: 'mbg_nbd' } },
    ]);
    expect((await temas.call('DELETE', path)).status).toBe(200);
    expect((await temas.call('DELETE', path)).status).toBe(404);
  });

  it('survive a kill, a rebuild, and the loss of state and tables', async () => {
    const { body } = await temas.call<{ runId: string }>('POST', '/v1/analytics/fits', { currency: 'USD' });
    await temas.kill();
    temas = await TemasProcess.start(data.path);
    expect(await ended(temas, body.runId)).toMatchObject({ status: 'succeeded', currency: 'USD' });

    const digests = async (): Promise<Record<string, { rows: number }>> =>
      (await temas.get<{ views: Record<string, { rows: number }> }>('/v1/projections/digests')).body.views;
    const names = ['profile_scores', 'model_runs', 'profile_rfm', 'profile_lifecycle'];
    const before = await digests();
    for (const name of names) expect(before[name]?.rows).toBeGreaterThan(10);

    await temas.stop();
    for (const lost of ['state', 'clickhouse']) rmSync(join(data.path, lost), { recursive: true });
    temas = await TemasProcess.start(data.path);
    await untilItWorks(async () => {
      const after = await digests();
      for (const name of names) expect([name, after[name]]).toEqual([name, before[name]]);
    }, 180_000);

    await temas.call('POST', '/v1/projections/rebuild');
    const report = await untilItWorks(async () => {
      const { body: state } = await temas.get<{ status: string; equal: boolean }>('/v1/projections/rebuild');
      expect(state.status).toBe('succeeded');
      return state;
    });
    expect(report.equal).toBe(true);
    expect((await digests()).profile_scores).toEqual(before.profile_scores);
  }, 360_000);
});

describe('fits without commerce', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('say when there is nothing, and count days of activity where there is some', async () => {
    expect(await fitted(temas, {})).toMatchObject({ status: 'failed', reason: { code: 'no_purchases' } });
    const random = seeded(5);
    const items = Array.from({ length: 120 }, (_, n) =>
      buyingDays(random).map((day) => {
        const timestamp = new Date(BEGIN + day * DAY_MS).toISOString();
        return { type: 'page', anonymousId: `web-${n}`, name: '/', timestamp };
      }),
    ).flat();
    const { body } = await temas.send('batch', { batch: items.slice(0, 500) });
    expect(body.errors ?? []).toEqual([]);
    const fit = await fitted(temas, { model: 'bg_nbd', churnHorizonDays: 30 });
    expect(fit).toMatchObject({ status: 'succeeded', basis: 'activity', currency: '', spend: null });
    const [row] = await temas.sql<Record<string, number | string>>(
      `SELECT count() AS people, countIf(churn_probability > 0 AND churn_probability < 1) AS told,
              sum(expected_orders_90d) AS orders, sum(clv) AS value FROM profile_scores`,
    );
    expect(row).toEqual({ people: String(fit.customers), told: String(fit.customers), orders: 0, value: 0 });
  }, 60_000);
});

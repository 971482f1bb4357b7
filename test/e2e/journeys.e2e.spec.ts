import { beforeAll, describe, expect, it } from '@jest/globals';
import { credit, journeyWorld } from '../support/journey-world.ts';
import type { Counts, Credits, Problem } from '../support/journey-world.ts';

describe('journeys', () => {
  const world = journeyWorld();
  const { ask, send } = world;

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
      const set = await world.temas.call<{ isDefault: boolean }>('PUT', '/v1/channels', { rules });
      expect(set).toMatchObject({ status: 200, body: { isDefault: false } });
      const own = await ask<Credits>('attribution', { lookbackDays: 60, models: ['first'] });
      expect(credit(own, 'first')).toEqual({ Paid: 1, Rest: 1 });
      const bad = await world.temas.call<Problem>('PUT', '/v1/channels', {
        rules: [{ channel: 'x', when: [{ field: 'medium', op: 'matches', values: ['('] }] }],
      });
      expect(bad.status).toBe(400);
      expect(bad.body.errors?.map(({ field }) => field)).toEqual(['rules[0].when[0].values']);
      expect((await world.temas.call<{ isDefault: boolean }>('DELETE', '/v1/channels')).body.isDefault).toBe(
        true,
      );
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

    it('cuts days in the time zone of the workspace where a question names none', async () => {
      const zone = (timeZone: string): Promise<{ status: number }> =>
        world.temas.call('PUT', '/v1/settings/time-zone', { timeZone });
      expect((await zone('Mars/Olympus')).status).toBe(400);
      expect((await zone('Pacific/Kiritimati')).status).toBe(200);
      const question = { period: 'day', clock: 'calendar', start: 'Order Completed', from: '2025-01-01' };
      const cohorts = async (own: object): Promise<unknown> =>
        (await ask<{ cohorts: object[] }>('retention', { ...question, ...own })).cohorts;
      const there = await cohorts({});
      expect(there).toEqual(await cohorts({ timeZone: 'Pacific/Kiritimati' }));
      expect(there).not.toEqual(await cohorts({ timeZone: 'Pacific/Pago_Pago' }));
      expect((await world.temas.get('/v1/settings/time-zone')).body).toEqual({
        timeZone: 'Pacific/Kiritimati',
      });
      expect((await zone('UTC')).status).toBe(200);
    });

    it('keeps questions under names', async () => {
      const definition = { steps: ['Order Completed'], unit: 'person' };
      const saved = await world.temas.call<{ position: string }>('POST', '/v1/reports', {
        name: 'orders',
        kind: 'funnel',
        definition,
      });
      expect(saved).toMatchObject({ status: 200, body: { name: 'orders', kind: 'funnel', definition } });
      const run = await world.temas.call<Counts & { report: string }>(
        'POST',
        `/v1/reports/orders/run?after=${world.last}`,
      );
      expect(run.body).toMatchObject({ report: 'orders', kind: 'funnel', steps: [{ count: 3 }] });
      const { body } = await world.temas.get<{ reports: { name: string }[] }>('/v1/reports');
      expect(body.reports.map(({ name }) => name)).toEqual(['orders']);
      const bad = await world.temas.call<Problem>('POST', '/v1/reports', {
        name: 'bad',
        kind: 'retention',
        definition: { periods: 0 },
      });
      expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'periods' }] } });
      expect((await world.temas.call('DELETE', '/v1/reports/orders')).status).toBe(200);
      expect((await world.temas.call('POST', '/v1/reports/orders/run')).status).toBe(404);
    });
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { journeyWorld } from '../support/journey-world.ts';
import type { Problem } from '../support/journey-world.ts';

interface Groups {
  readonly groups: { value: string | null; entered: number; converted: number }[];
}

interface Cohorts {
  readonly cohorts: { value: string | null; size: number; periods: { returned: number }[] }[];
}

describe('answers by the segment at the time', () => {
  const world = journeyWorld();
  const { ask, send } = world;

  const view = (who: object, at = '2025-01-10T09:00:00Z', more: object = {}): object => ({
    type: 'track',
    event: 'Product Viewed',
    ...who,
    timestamp: at,
    ...more,
  });
  const order = (userId: string, at: string, event = 'Order Completed', on = at.slice(0, 10)): object => ({
    type: 'track',
    event,
    userId,
    timestamp: at,
    properties: { order_id: `${userId}-${on}`, revenue: 10, currency: 'EUR' },
  });
  const funnel = {
    steps: ['Product Viewed', 'Order Completed'],
    breakdown: { segment: 'lifecycle' },
    to: '2025-02-01',
  };
  const groups = async (body: object = {}): Promise<unknown[]> =>
    (await ask<Groups>('funnel', { ...funnel, ...body })).groups.map(({ value, entered, converted }) => [
      value,
      entered,
      converted,
    ]);

  // No fit: silent for more than 90 days is cooling, for more than 365 lapsed.
  beforeAll(async () => {
    await send([
      view({ userId: 'looker' }),
      // The day of the first purchase is that of a buyer only from the purchase on.
      view({ userId: 'first' }),
      order('first', '2025-01-10T15:00:00Z'),
      order('fell-through', '2025-01-05T12:00:00Z'),
      view({ userId: 'fell-through' }),
      order('fell-through', '2025-01-20T12:00:00Z', 'Order Cancelled', '2025-01-05'),
      order('second', '2025-01-05T12:00:00Z'),
      view({ userId: 'second' }, '2025-01-10T08:00:00Z'),
      order('regular', '2024-12-01T12:00:00Z'),
      order('regular', '2024-12-20T12:00:00Z'),
      view({ userId: 'regular' }),
      order('regular', '2025-01-11T10:00:00Z'),
      order('silent', '2024-09-01T12:00:00Z'),
      view({ userId: 'silent' }),
      order('gone', '2023-06-01T12:00:00Z'),
      view({ userId: 'gone' }),
      order('gone', '2025-01-10T09:30:00Z'),
      order('back', '2023-06-01T12:00:00Z'),
      order('back', '2025-01-03T12:00:00Z'),
      view({ userId: 'back' }),
      view({ anonymousId: 'dev-1' }),
      order('known', '2025-01-05T12:00:00Z'),
      view({ userId: 'late' }),
    ]);
  }, 60_000);

  it('take the stage of the moment at which the attempt starts, and follow merges and late orders', async () => {
    expect(await groups()).toEqual([
      ['never_bought', 5, 1],
      ['active', 1, 1],
      ['cooling', 1, 0],
      ['lapsed', 1, 1],
      ['new', 1, 0],
      ['won_back', 1, 0],
    ]);
    await send([
      { type: 'identify', anonymousId: 'dev-1', userId: 'known', timestamp: '2025-01-25T09:00:00Z' },
      order('late', '2025-01-06T12:00:00Z'),
    ]);
    expect((await groups()).slice(0, 2)).toEqual([
      ['never_bought', 3, 1],
      ['new', 3, 0],
    ]);
    expect(await groups({ breakdown: { segment: 'lifecycle', limit: 1 } })).toHaveLength(1);
  });

  it('are the same whichever order and unit is asked for', async () => {
    for (const own of [{ order: 'strict' }, { order: 'any' }, { unit: 'session' }])
      expect((await groups({ ...own, steps: ['Product Viewed'] })).slice(0, 2)).toEqual([
        ['never_bought', 3, 3],
        ['new', 3, 3],
      ]);
  });

  it('count a purchase from its own moment on', async () => {
    expect(await groups({ steps: ['Order Completed'], from: '2025-01-10' })).toEqual([
      ['active', 1, 1],
      ['new', 1, 1],
      ['won_back', 1, 1],
    ]);
  });

  it('list who was in a group', async () => {
    const people = async (group: string | null, status?: number): Promise<object> =>
      ask<object>('funnel/people', { ...funnel, step: 1, group }, status);
    expect(await people('never_bought')).toMatchObject({ people: [{ steps: 1 }, { steps: 1 }] });
    for (const group of [null, 'vip'])
      expect(((await people(group, 400)) as Problem).errors).toEqual([
        { field: 'group', message: 'must be one of never_bought, new, active, cooling, lapsed, won_back' },
      ]);
  });

  it('are cohorts of a retention, too', async () => {
    const { cohorts } = await ask<Cohorts>('retention', {
      start: 'Product Viewed',
      return: 'Order Completed',
      breakdown: { segment: 'lifecycle' },
      to: '2025-02-01',
      periods: 1,
    });
    const sizes = cohorts.map(({ value, size, periods }) => [value, size, periods[1]?.returned]);
    expect(new Map(sizes.map(([value, ...rest]) => [value, rest]))).toEqual(
      new Map<unknown, unknown>([
        ['never_bought', [3, 0]],
        ['new', [3, 0]],
        ['active', [1, 1]],
        ['cooling', [1, 0]],
        ['lapsed', [1, 0]],
        ['won_back', [1, 0]],
      ]),
    );
  });

  it('are those of whoever started in an account, which only a group call makes', async () => {
    const account = { groupId: 'acme', timestamp: '2025-01-01T09:00:00Z' };
    const later = '2025-02-10T09:00:00Z';
    await send([
      { type: 'group', userId: 'looker', ...account },
      { type: 'group', userId: 'second', ...account },
      view({ userId: 'stranger' }, later, { context: { groupId: 'acme' } }),
      view({ userId: 'stranger' }, later, { context: { groupId: 'ghost' } }),
      view({ userId: 'looker' }, later, { context: { groupId: 'ghost' } }),
    ]);
    // The first of its people to view was `second`.
    expect(await groups({ steps: ['Product Viewed'], unit: 'account' })).toEqual([['new', 1, 1]]);
    const since = { steps: ['Product Viewed'], unit: 'account', from: '2025-02-01', to: '2025-03-01' };
    expect(await groups(since)).toEqual([]);
    const accounts = await world.temas.sql(
      'SELECT account_id, count() AS n FROM account_members GROUP BY account_id',
    );
    expect(accounts).toEqual([{ account_id: 'acme', n: '2' }]);
  });
});

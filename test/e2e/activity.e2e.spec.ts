import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

/** All orders of a few items. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

describe('orders, visits and accounts', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('gives the same order whatever order its events come in', async () => {
    const history = [
      {
        event: 'Order Completed',
        timestamp: '2026-02-01T10:00:00Z',
        properties: { revenue: '100.10', currency: 'try' },
      },
      {
        event: 'Order Updated',
        timestamp: '2026-02-02T10:00:00Z',
        properties: { revenue: '90.05', currency: 'TRY' },
      },
      {
        event: 'Order Refunded',
        timestamp: '2026-02-03T10:00:00Z',
        properties: { total: '20.00', currency: 'TRY' },
      },
      {
        event: 'Order Refunded',
        timestamp: '2026-02-04T10:00:00Z',
        properties: { total: 0.05, currency: 'TRY' },
      },
    ];
    const all = permutations(history);
    let last = '0';
    for (const [i, events] of all.entries()) {
      const batch = events.map(({ properties, ...rest }) => ({
        type: 'track',
        userId: `buyer-${i}`,
        ...rest,
        properties: { ...properties, order_id: `order-${i}` },
      }));
      last = (await temas.send('batch', { batch })).body.position as string;
    }
    const rows = await temas.sql(
      'SELECT DISTINCT ordered_at, status, currency, gross, refunded, net FROM orders',
      last,
    );
    expect(rows).toEqual([
      {
        ordered_at: '2026-02-01 10:00:00.000',
        status: 'partially_refunded',
        currency: 'TRY',
        gross: 90.05,
        refunded: 20.05,
        net: 70,
      },
    ]);
    const [count] = await temas.sql<{ n: string; people: string }>(
      'SELECT count() AS n, uniqExact(profile_id) AS people FROM orders',
    );
    expect(count).toEqual({ n: String(all.length), people: String(all.length) });
  });

  it('counts an order once that browser and server both send, and follows its lines', async () => {
    const order = (messageId: string, products: object[]): object => ({
      messageId,
      userId: 'twice',
      event: 'Order Completed',
      properties: { order_id: 'both', revenue: 50, products },
    });
    await temas.send(
      'track',
      order('browser', [
        { product_id: 'a', price: 20 },
        { product_id: 'b', price: 30 },
      ]),
    );
    const { body } = await temas.send(
      'track',
      order('server', [{ product_id: 'a', price: 25, quantity: 2 }]),
    );
    const lines = await temas.sql(
      `SELECT product_id, quantity, price FROM order_items WHERE order_id = 'both'`,
      body.position,
    );
    expect(lines).toEqual([{ product_id: 'a', quantity: 2, price: 25 }]);
    expect(await temas.sql(`SELECT order_id FROM orders WHERE order_id = 'both'`)).toHaveLength(1);
  });

  it('joins two visits when a late event closes the gap, on every earlier row', async () => {
    const page = (minute: number, path: string): object => ({
      anonymousId: 'tablet',
      timestamp: new Date(Date.UTC(2026, 2, 1, 9, minute)).toISOString(),
      properties: { path },
      context: { campaign: { name: minute === 0 ? 'spring' : 'later' } },
    });
    await temas.send('page', page(0, '/first'));
    const apart = await temas.send('page', page(55, '/last'));
    const visits = 'SELECT entry_path, exit_path, campaign, event_count, duration_s FROM sessions';
    expect(await temas.sql(`${visits} WHERE campaign != ''`, apart.body.position)).toHaveLength(2);
    const { body } = await temas.send('page', page(28, '/between'));
    expect(await temas.sql(`${visits} WHERE campaign != ''`, body.position)).toEqual([
      { entry_path: '/first', exit_path: '/last', campaign: 'spring', event_count: '3', duration_s: 3300 },
    ]);
    const ids = await temas.sql<{ sessions: string }>(
      `SELECT uniqExact(session_id) AS sessions FROM events WHERE anonymous_id = 'tablet'`,
    );
    expect(ids[0]?.sessions).toBe('1');
  });

  it('gives orders and visits to the person of now after a merge', async () => {
    await temas.send('track', {
      anonymousId: 'guest-device',
      event: 'Order Completed',
      properties: { order_id: 'guest-order', revenue: 10 },
    });
    const { body } = await temas.send('identify', { userId: 'was-guest', anonymousId: 'guest-device' });
    const [row] = await temas.sql<{ ids: string[] }>(
      `SELECT p.user_ids AS ids FROM orders AS o INNER JOIN profiles AS p ON p.profile_id = o.profile_id
       WHERE order_id = 'guest-order'`,
      body.position,
    );
    expect(row?.ids).toEqual(['was-guest']);
  });

  it('keeps accounts apart from identity', async () => {
    await temas.send('group', {
      userId: 'member-1',
      groupId: 'acme',
      traits: { plan: 'small', email: 'acme@acme.example' },
    });
    await temas.send('group', { userId: 'member-2', groupId: 'acme', traits: { plan: 'big' } });
    const { body } = await temas.send('group', { userId: 'member-1', groupId: 'other' });
    const members = await temas.sql(
      'SELECT account_id, uniqExact(profile_id) AS people FROM account_members GROUP BY account_id ORDER BY account_id',
      body.position,
    );
    expect(members).toEqual([
      { account_id: 'acme', people: '2' },
      { account_id: 'other', people: '1' },
    ]);
    const [acme] = await temas.sql<{ traits: string }>(
      `SELECT traits FROM accounts WHERE account_id = 'acme'`,
    );
    expect(JSON.parse(acme?.traits as string)).toEqual({ plan: 'big', email: 'acme@acme.example' });
    expect(await temas.sql(`SELECT email FROM profiles WHERE email = 'acme@acme.example'`)).toEqual([]);
  });

  it('shows the same rows to a reader who sets join_use_nulls', async () => {
    const relations = ['events', 'orders', 'order_items', 'sessions', 'account_members'];
    const counts = relations.map((name) => `(SELECT count() FROM ${name}) AS ${name}`).join(', ');
    const [plain] = await temas.sql(`SELECT ${counts}`);
    expect(await temas.sql(`SELECT ${counts} SETTINGS join_use_nulls = 1`)).toEqual([plain]);
    const [person] = await temas.sql(
      'SELECT toTypeName(profile_id) AS type FROM events LIMIT 1 SETTINGS join_use_nulls = 1',
    );
    expect(person).toEqual({ type: 'UUID' });
  });
});

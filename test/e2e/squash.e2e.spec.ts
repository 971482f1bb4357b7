import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

const PEOPLE = 6;
const SQUASHES = { TEMAS_SQUASH_AFTER: '3' };

interface Owned {
  readonly message_id: string;
  readonly users: readonly string[];
}

/** Visits under a device, a log-in elsewhere, then both named together: the device's rows move to the person. */
function visits(first: number): object[] {
  const people = Array.from({ length: PEOPLE }, (_, i) => first + i);
  const items = people.flatMap((n) => [
    { type: 'identify', userId: `u-${n}`, traits: { email: `u${n}@squash.example` } },
    { type: 'page', anonymousId: `d-${n}`, name: 'Home' },
    {
      type: 'track',
      anonymousId: `d-${n}`,
      event: 'Order Completed',
      properties: { order_id: `o-${n}`, total: 9 },
    },
  ]);
  const together = people.map((n) => ({ type: 'identify', userId: `u-${n}`, anonymousId: `d-${n}` }));
  return [...items, ...together].map((item, i) => ({ ...item, messageId: `m-${first}-${i}` }));
}

async function send(temas: TemasProcess, items: readonly object[]): Promise<string> {
  let position = '0';
  for (const item of items) {
    const { status, body } = await temas.send('batch', { batch: [item] });
    expect(status).toBe(200);
    position = body.position as string;
  }
  return position;
}

/** Who each event and order belongs to, by what people are called. */
async function owners(temas: TemasProcess, after?: string): Promise<unknown> {
  const events = await temas.sql<Owned>(
    `SELECT e.message_id AS message_id, p.user_ids AS users
     FROM events AS e LEFT JOIN profiles AS p ON p.profile_id = e.profile_id ORDER BY message_id`,
    after,
  );
  const orders = await temas.sql(
    `SELECT o.order_id, p.user_ids AS users
     FROM orders AS o LEFT JOIN profiles AS p ON p.profile_id = o.profile_id ORDER BY o.order_id`,
  );
  return { events, orders };
}

async function squashedOverrides(temas: TemasProcess): Promise<number> {
  const metrics = await (await fetch(`${temas.url}/metrics`)).text();
  return Number(/^temas_warehouse_squashed_overrides_total (\d+)$/m.exec(metrics)?.[1]);
}

async function digests(temas: TemasProcess): Promise<unknown> {
  const { status, body } = await temas.get<{ views: unknown }>('/v1/projections/digests');
  expect(status).toBe(200);
  return body.views;
}

describe('overrides folded into the rows', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it.each(['rows-rewritten', 'overrides-folded'] as const)(
    'killed at %s, every answer stays the same',
    async (point) => {
      temas = await TemasProcess.start(data.path);
      const last = await send(temas, visits(point === 'rows-rewritten' ? 0 : 100));
      const before = [await owners(temas, last), await digests(temas)];
      await temas.stop();
      temas = await TemasProcess.start(data.path, { killAt: `${point}:1`, env: SQUASHES, eager: true });
      await temas.exited;
      temas = await TemasProcess.start(data.path);
      expect([await owners(temas), await digests(temas)]).toEqual(before);
      await temas.stop();
    },
    120_000,
  );

  it('goes on in the background and takes nothing from a split or a rebuild', async () => {
    temas = await TemasProcess.start(data.path, { env: SQUASHES });
    const last = await send(temas, visits(200));
    const before = [await owners(temas, last), await digests(temas)];
    while ((await squashedOverrides(temas)) < PEOPLE) await pause(200);
    expect([await owners(temas), await digests(temas)]).toEqual(before);

    const { status, body } = await temas.call<{ position: string }>('POST', '/v1/identity/commands', {
      kind: 'split',
      identifiers: [
        { namespace: 'user_id', value: 'u-200' },
        { namespace: 'anonymous_id', value: 'd-200' },
      ],
      reason: 'two people after all',
      actor: 'squash-test',
    });
    expect(status).toBeLessThan(300);
    const [order] = await temas.sql<{ users: string[] }>(
      `SELECT p.user_ids AS users FROM orders AS o
       INNER JOIN profiles AS p ON p.profile_id = o.profile_id WHERE o.order_id = 'o-200'`,
      body.position,
    );
    expect(order?.users).toEqual([]);

    await temas.call('POST', '/v1/projections/rebuild');
    const rebuilt = async (): Promise<{ status: string; equal?: boolean; report?: unknown }> =>
      (await temas.get<{ status: string; equal?: boolean; report?: unknown }>('/v1/projections/rebuild'))
        .body;
    while ((await rebuilt()).status === 'running') await pause(200);
    expect(await rebuilt()).toMatchObject({ status: 'succeeded', equal: true });
  }, 120_000);
});

import { describe, expect, it } from '@jest/globals';
import type { FaultPoint } from '#kernel';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

/** Where to die, and at which arrival: downstream work is batched, so few arrivals are certain there. */
const POINTS: readonly (readonly [FaultPoint, number])[] = [
  ['key-written', 3],
  ['appended', 3],
  ['folded', 3],
  ['outbox-written', 3],
  ['published', 2],
  ['intent-written', 2],
  ['inserted', 2],
  ['checkpointed', 2],
];

const PEOPLE = 12;

/** Visits, log-ins, merges and traits of a few people, in small requests, so that every hop runs many times. */
function requests(): object[] {
  const items: object[] = [];
  for (let person = 0; person < PEOPLE; person++) {
    const anonymousId = `device-${person}`;
    const userId = `user-${person}`;
    const traits = { email: `P${person}@Example.com`, plan: person % 2 ? 'gold' : 'free' };
    items.push(
      { type: 'page', anonymousId, name: 'Home', properties: { path: '/' } },
      { type: 'track', anonymousId, event: 'Product Viewed' },
      { type: 'identify', userId, traits },
      { type: 'identify', userId, anonymousId, traits: { city: 'İzmir' } },
      { type: 'track', anonymousId: `phone-${person}`, userId, event: 'Opened App' },
    );
  }
  const stamped = items.map((item, i) => ({
    ...item,
    messageId: `m-${i}`,
    timestamp: new Date(Date.UTC(2026, 0, 1, 12, 0, i)).toISOString(),
  }));
  const batches: object[] = [];
  for (let i = 0; i < stamped.length; i += 6) batches.push({ batch: stamped.slice(i, i + 6) });
  return batches;
}

/** Everything that must be the same after any history of crashes; random stand-ins and arrival times are not. */
async function totals(temas: TemasProcess, after: string): Promise<unknown> {
  const profiles = await temas.sql(
    'SELECT user_ids, email, traits, identifier_count, event_count, first_seen_at, last_seen_at FROM profiles ORDER BY user_ids',
    after,
  );
  const events = await temas.sql(
    `SELECT message_id, kind, event, occurred_at, user_id, anonymous_id, properties, traits, p.user_ids AS owner
     FROM events AS e INNER JOIN profiles AS p ON p.profile_id = e.profile_id ORDER BY message_id`,
  );
  const identifiers = await temas.sql(
    'SELECT namespace, count() AS n, uniqExact(profile_id) AS people FROM identities GROUP BY namespace ORDER BY namespace',
  );
  const decisions = await temas.sql(
    'SELECT kind, count() AS n FROM identity_decisions GROUP BY kind ORDER BY kind',
  );
  return { profiles, events, identifiers, decisions };
}

/** Sends every request until it is answered, starting Temas again whenever it has died. */
async function history(killAt?: string): Promise<{ totals: unknown; restarts: number }> {
  const data = makeDataDir();
  let restarts = 0;
  let temas = await TemasProcess.start(data.path, { killAt });
  const again = async (): Promise<void> => {
    await temas.kill();
    restarts++;
    temas = await TemasProcess.start(data.path);
  };
  try {
    let last = '0';
    for (const body of requests()) {
      for (;;) {
        const answer = await temas.send('batch', body).catch(() => undefined);
        if (answer?.status === 200) {
          last = answer.body.position as string;
          break;
        }
        await again();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (;;) {
      const result = await totals(temas, last).catch(() => undefined);
      if (result !== undefined) return { totals: result, restarts };
      await again();
    }
  } finally {
    await temas.stop();
    data.remove();
  }
}

describe('killed at a named point of the way', () => {
  const undisturbed = history();

  it('an undisturbed run stitches every person', async () => {
    const { totals: expected, restarts } = await undisturbed;
    expect(restarts).toBe(0);
    expect((expected as { profiles: unknown[] }).profiles).toHaveLength(PEOPLE);
    expect((expected as { events: unknown[] }).events).toHaveLength(PEOPLE * 5);
  }, 60_000);

  it.each(POINTS)(
    '%s: ends with the totals of the undisturbed run',
    async (point, arrival) => {
      const expected = await undisturbed;
      const disturbed = await history(`${point}:${arrival}`);
      expect(disturbed.restarts).toBe(1);
      expect(disturbed.totals).toEqual(expected.totals);
    },
    120_000,
  );
});

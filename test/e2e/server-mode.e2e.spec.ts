import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServerWorld } from '#test/engines/server-world';
import { SteadySenders } from '#test/engines/steady-senders';
import type { Sent } from '#test/engines/steady-senders';
import type { TemasService } from '#test/engines/temas-service';
import { postgresStartable, saySkipped } from '#test/postgres-server';
import { untilItWorks } from '#test/retry';

const RATE = 1_000;
const STEP_MS = 240_000;

if (!postgresStartable()) saySkipped('server mode end to end');

(postgresStartable() ? describe : describe.skip)('collectors, projectors and apis beside each other', () => {
  let world: ServerWorld;
  let senders: SteadySenders;

  beforeAll(async () => {
    world = await ServerWorld.start();
    senders = new SteadySenders(world.collectors, RATE);
    await senders.more(RATE);
  }, STEP_MS);

  afterAll(async () => {
    await senders.stop();
    await world.stop();
  }, STEP_MS);

  async function killed(what: { kill(): Promise<void>; restart(): Promise<void> }): Promise<void> {
    await what.kill();
    await pause(1_000);
    await untilItWorks(() => what.restart());
    await senders.more(RATE);
  }

  it(
    'take turns: one projector is active, the other one waits and is ready',
    async () => {
      const active = await world.activeProjector();
      const other = world.projectors.find((projector) => projector !== active) as TemasService;
      expect(await other.readiness()).toMatchObject({ status: 200, role: 'standby' });
    },
    STEP_MS,
  );

  it(
    'lets a reader of any api see what was just written through any collector',
    async () => {
      const [collector] = world.collectors as [TemasService];
      const response = await fetch(`${collector.url}/v1/identify`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('test-write-key-0123456789:').toString('base64')}` },
        body: JSON.stringify({ userId: 'reader', traits: { plan: 'gold' } }),
      });
      const { position } = (await response.json()) as { position: string };
      for (const api of world.apis) {
        const found = await world.ask<{ traits: Record<string, { value: unknown }> }>(
          'GET',
          `/v1/profiles/lookup?namespace=user_id&value=reader&after=${position}&wait=60`,
          undefined,
          api,
        );
        expect(found.traits['plan']?.value).toBe('gold');
        const [row] = await world.sql<{ n: string }>(
          "SELECT count() AS n FROM events WHERE user_id = 'reader'",
          position,
          api,
        );
        expect(row?.n).toBe('1');
      }
    },
    STEP_MS,
  );

  it(
    'erases a person by the hand of any api, and every collector hears of it',
    async () => {
      type Certificate = {
        readonly id: string;
        readonly state: string;
        readonly stores: {
          readonly keyStore: { readonly keysLeft: number; readonly remains: object };
        } | null;
      };
      const order = { namespace: 'user_id', value: 'reader', reason: 'request 1' };
      const ordered = await world.ask<Certificate>('POST', '/v1/privacy/erasures', order);
      const certificate = await untilItWorks(async () => {
        const path = `/v1/privacy/erasures/${ordered.id}`;
        const found = await world.ask<Certificate>('GET', path, undefined, world.apis[1]);
        expect(found.state).toBe('done');
        return found;
      });
      expect(certificate.stores?.keyStore).toMatchObject({
        keysLeft: 0,
        remains: { walUpTo: expect.any(String), walSwitched: true },
      });
      for (const { url } of world.collectors) {
        const answer = await untilItWorks(async () => {
          const response = await fetch(`${url}/v1/track`, {
            method: 'POST',
            headers: {
              authorization: `Basic ${Buffer.from('test-write-key-0123456789:').toString('base64')}`,
            },
            body: JSON.stringify({ userId: 'reader', event: 'Came back' }),
          });
          return (await response.json()) as { errors?: readonly { code: string }[] };
        });
        expect(answer.errors?.map(({ code }) => code)).toEqual(['suppressed']);
      }
      expect(await world.sql("SELECT event_id FROM events WHERE user_id = 'reader'")).toEqual([]);
    },
    STEP_MS,
  );

  it(
    'goes on when a collector and an api are killed',
    async () => {
      await killed(world.collectors[0] as TemasService);
      await killed(world.collectors[1] as TemasService);
      await killed(world.apis[1] as TemasService);
    },
    STEP_MS,
  );

  it(
    'hands over when the active projector is killed',
    async () => {
      const active = await world.activeProjector();
      await active.kill();
      const killedAt = performance.now();
      const next = await world.activeProjector();
      process.stderr.write(`take-over after ${Math.round(performance.now() - killedAt)} ms\n`);
      expect(next).not.toBe(active);
      await active.restart();
      await senders.more(RATE);
    },
    STEP_MS,
  );

  it(
    'changes nothing by the hand of a projector that hung, lost its lease, and woke again',
    async () => {
      const active = await world.activeProjector();
      active.signal('SIGSTOP');
      const next = await untilItWorks(async () => {
        const [other] = world.projectors.filter((projector) => projector !== active) as [TemasService];
        expect((await other.readiness())['role']).toBe('active');
        return other;
      }, 120_000);
      active.signal('SIGCONT');
      await untilItWorks(async () => expect((await active.readiness())['role']).toBe('standby'));
      expect((await next.readiness())['role']).toBe('active');
      await senders.more(RATE);
    },
    STEP_MS,
  );

  it(
    'outlives its servers, killed in turn',
    async () => {
      await killed(world.clickhouse);
      await killed(world.postgres);
      if (world.eventstore !== undefined) await killed(world.eventstore);
    },
    STEP_MS,
  );

  it(
    'stops a collector without losing what it has acknowledged, and says what is missing',
    async () => {
      const [collector, , api] = [...world.collectors, ...world.apis] as [
        TemasService,
        TemasService,
        TemasService,
      ];
      await collector.stop();
      await collector.restart();
      await world.clickhouse.kill();
      const told = await api.readiness();
      await world.clickhouse.restart();
      expect(told.status).toBe(503);
      expect(told['missing']).toContain('the warehouse does not answer');
      await senders.more(RATE);
    },
    STEP_MS,
  );

  it(
    'has everything that was acknowledged once: in events, profiles and orders',
    async () => {
      const sent = await senders.stop();
      expect(senders.failures).toBeGreaterThan(0);
      await expectOnce(world, sent);
    },
    STEP_MS,
  );

  it(
    'builds the same anew when an api is asked to',
    async () => {
      await world.ask('POST', '/v1/projections/rebuild');
      const ended = await untilItWorks(async () => {
        const state = await world.ask<{ status: string; equal?: boolean; message?: string }>(
          'GET',
          '/v1/projections/rebuild',
          undefined,
          world.apis[1],
        );
        expect(state.status).not.toBe('running');
        return state;
      }, STEP_MS);
      expect([ended.status, ended.message, ended.equal]).toEqual(['succeeded', undefined, true]);
      await expectOnce(world, await senders.stop());
    },
    STEP_MS,
  );
});

async function expectOnce(world: ServerWorld, sent: Sent): Promise<void> {
  const [events] = await world.sql(
    `SELECT toUInt32(count()) AS events, toUInt32(uniqExact(message_id)) AS ids,
            toUInt32(uniqExact(profile_id)) AS people FROM events
     WHERE user_id != 'reader'`,
    sent.position,
  );
  expect(events).toEqual({ events: sent.events, ids: sent.events, people: sent.users });
  const [profiles] = await world.sql(
    `SELECT toUInt32(count()) AS people, toUInt32(sum(event_count)) AS events FROM profiles
     WHERE NOT has(user_ids, 'reader')`,
  );
  expect(profiles).toEqual({ people: sent.users, events: sent.events });
  const [orders] = await world.sql(
    'SELECT toUInt32(count()) AS orders, toFloat64(sum(gross)) AS gross FROM orders',
  );
  expect(orders).toEqual({ orders: sent.orders, gross: sent.gross });
}

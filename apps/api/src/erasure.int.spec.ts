import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ErasureDesk, ErasureRegister, refsToDestroy, refsToSuppress } from '#erasure';
import { bondsOf, identityReader } from '#identity';
import type { Position, ProfileId, Ref } from '#kernel';
import { Pipeline } from '#projection';
import { openRocksStateStore, UnitOfWork, type StateStore } from '#state-store';
import { STRICT } from '#test/silent-monitor';
import { digest, migrate, SQUASH_AFTER, warehouseSink } from '#warehouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, WORKSPACE } from './testing/world.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const PEOPLE = 6;

type What = 'page' | 'login' | 'order' | 'refund' | 'consent' | 'typo' | 'anonymous';

/** One thing that one of a few people does; rarely under something of a neighbour's. */
const deed = fc.record({
  person: fc.nat(PEOPLE - 1),
  what: fc.constantFrom<What[]>('page', 'login', 'order', 'refund', 'consent', 'typo', 'anonymous'),
  device: fc.nat(1),
  order: fc.nat(2),
  isNeighbours: fc.integer({ min: 0, max: 99 }).map((n) => n === 0),
  at: fc.integer({ min: 0, max: 3_000 }),
});

type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

function itemOf({ person, what, device, order, isNeighbours, at }: Deed): Record<string, unknown> {
  const owner = isNeighbours ? (person + 1) % PEOPLE : person;
  const userId = `user-${person}`;
  const anonymousId = `device-${owner}-${device}`;
  const timestamp = new Date(START + at * MINUTE).toISOString();
  const orderId = `order-${owner}-${order}`;
  const track = (event: string, properties: object): Record<string, unknown> => ({
    ...{ type: 'track', userId, anonymousId, event, properties, timestamp },
  });
  switch (what) {
    case 'page':
    case 'anonymous':
      return {
        ...{ type: 'page', anonymousId, timestamp, properties: { path: `/${owner}/${at}` } },
        ...(what === 'page' ? { userId } : {}),
      };
    case 'login':
      return {
        ...{ type: 'identify', userId, anonymousId, timestamp },
        traits: { email: `mail-${owner}@example.com`, plan: `plan-${at % 3}` },
      };
    case 'order':
      return track('Order Completed', {
        order_id: orderId,
        revenue: at,
        products: [{ product_id: `p-${at}` }],
      });
    case 'refund':
      return track('Order Refunded', { order_id: orderId, total: 1 });
    case 'consent':
      return track('Consent Updated', { categoryPreferences: { news: at % 2 === 0 } });
    case 'typo':
      return { ...{ type: 'identify', userId, timestamp }, traits: { email: `mail-${owner}@gmial.com` } };
  }
}

/** Rows that another history of reading leaves otherwise: what was seen when, and what waits for the tables. */
const OF_READING = new Set(['meta', 'seen', 'w.block', 'w.intent']);

const COLLECTIONS = [
  ...['i.ref', 'i.prof', 'i.ev', 'i.link', 'i.rec', 'i.cmd', 'i.op', 'p.anchor', 'p.ident', 'o.order'],
  ...['o.items', 'o.anchor', 'o.decision', 's.day', 's.sess', 's.alias', 'a.account', 'a.member', 'c.choice'],
  ...['x.guess', 'x.from', 'clock'],
];

async function rowsOf(state: StateStore): Promise<Record<string, string>> {
  const rows: Record<string, string> = {};
  for (const collection of COLLECTIONS.filter((name) => !OF_READING.has(name))) {
    for await (const { key, value } of state.scan({ collection }))
      rows[`${collection} ${key}`] = value.toString('utf8');
  }
  return rows;
}

/** A generation of the projections over the world's log. */
async function opened(world: World, state: StateStore, generation: number): Promise<Pipeline> {
  const { log, keys, warehouse } = world;
  const sink = warehouseSink(warehouse, generation, SQUASH_AFTER);
  return Pipeline.open({ log, keys, state, sink, monitor: STRICT });
}

interface Compared {
  readonly erased: number;
  readonly entangled: number;
}

/** Erases people while everything is read; then compares with who reads all of it for the first time. */
async function compare(seed: number, keysFirst: boolean): Promise<Compared> {
  const [history] = fc.sample(fc.array(deed, { minLength: 90, maxLength: 90 }), { seed, numRuns: 1 }) as [
    Deed[],
  ];
  const world = await World.open();
  const folder = mkdtempSync(join(tmpdir(), 'temas-erasure-'));
  const register = await ErasureRegister.open(world.log);
  const desk = new ErasureDesk({ log: world.log, register, now: () => START });
  let erased = 0;
  try {
    const live = await opened(world, world.state, 1);
    const settle = async (position: Position): Promise<void> => live.settleAt(position);
    for (const [n, step] of history.entries()) {
      const source = { receivedAt: START + 4_000 * MINUTE + n, source: 'web', trust: 'client' as const };
      await world.send(itemOf(step), source).catch((error: Error) => {
        if (error.message !== 'nobody is suppressed here') throw error;
      });
      if (n % 30 !== 29) continue;
      await settle(world.placed.at(-1)?.position as Position);
      const person = await personOf(world, `user-${(seed + (n + 1) / 30) % PEOPLE}`);
      if (person === undefined) continue;
      const { found } = await desk.order(WORKSPACE, person, { actor: 'admin', reason: 'a reason' });
      const { erasure } = found;
      const destroy = {
        workspace: WORKSPACE,
        refs: refsToDestroy(erasure),
        suppress: refsToSuppress(erasure),
      };
      if (keysFirst) await world.keys.erase(destroy);
      await settle(erasure.position);
      if (!keysFirst) await world.keys.erase(destroy);
      erased++;
    }
    await world
      .send(itemOf(history[0] as Deed), { receivedAt: START, source: 'web', trust: 'client' })
      .catch(() => undefined);
    const end = await world.log.head();
    await settle(end);
    await migrate(world.warehouse, 2);
    const state = await openRocksStateStore({ path: folder });
    const rebuilt = await opened(world, state, 2);
    await rebuilt.settleAt(end);
    expect(rebuilt.entangled).toBe(false);
    if (!live.entangled) {
      expect(await rowsOf(world.state)).toEqual(await rowsOf(state));
      expect(await digest(world.warehouse, WORKSPACE, 1)).toEqual(
        await digest(world.warehouse, WORKSPACE, 2),
      );
    }
    const entangled = live.entangled ? 1 : 0;
    await live.stop();
    await rebuilt.stop();
    await state.close();
    return { erased, entangled };
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function personOf({ keys, state }: World, userId: string) {
  const ref = await keys.find(WORKSPACE, { namespace: 'user_id', value: userId });
  if (ref === undefined || ref === 'suppressed') return undefined;
  const identity = identityReader(state);
  const membership = await identity.membership((await identity.profileOf(ref)) as ProfileId);
  if (membership === undefined) return undefined;
  const own = membership.members.map((member): Ref => member.ref);
  const { strangers, namedByOthers } = await bondsOf(new UnitOfWork(state), own);
  return {
    profileId: membership.profileId,
    profiles: await identity.idsOf(membership.profileId),
    refs: membership.members,
    guessed: [],
    kept: membership.members.filter((member) => namedByOthers.includes(member.ref)),
    sharedWith: strangers,
  };
}

describe('erasures while everything is read', () => {
  it('leave state and tables as if the people had never been read', async () => {
    let erased = 0;
    let clean = 0;
    for (const [seed, keysFirst] of [
      [1, false],
      [2, true],
      [3, false],
      [4, true],
    ] as const) {
      const compared = await compare(seed, keysFirst);
      erased += compared.erased;
      clean += 1 - compared.entangled;
    }
    expect(erased).toBeGreaterThan(8);
    expect(clean).toBeGreaterThan(1);
  }, 300_000);
});

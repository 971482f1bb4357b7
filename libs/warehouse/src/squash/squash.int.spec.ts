import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedWarehouse, type EmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { digest } from '../digest.ts';
import { WarehouseUnavailable } from '../errors.ts';
import { migrate } from '../schema/migrate.ts';
import { createViews } from '../schema/views.ts';
import { MovingPeople } from './testing/moving-people.ts';

const AFTER = 10;
const ROUNDS = 2;
const KILLS = 4;

let path: string;
let warehouse: EmbeddedWarehouse;
let world: MovingPeople;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'temas-squash-'));
  warehouse = await startEmbeddedWarehouse({ path });
  await migrate(warehouse, 1);
  await createViews(warehouse, 'default', 1);
  world = new MovingPeople(warehouse, 7, AFTER);
});

afterAll(async () => {
  await warehouse.close();
  await rm(path, { recursive: true });
});

/** Asks all the time until the work has ended; answers how often, and all that was wrong. */
async function watched(
  work: Promise<unknown>,
  anchors?: readonly number[],
): Promise<{ polls: number; wrong: string[] }> {
  let running = true;
  void work.finally(() => (running = false)).catch(() => undefined);
  const wrong: string[] = [];
  let polls = 0;
  for (; running; polls++) wrong.push(...(await world.wrongAnswers(anchors)));
  await work;
  return { polls, wrong };
}

async function open(kind: 'identity' | 'session'): Promise<number> {
  const [row] = await warehouse.query<{ n: string }>(
    `SELECT element_count AS n FROM system.dictionaries WHERE name = 'open_${kind}_overrides_v1'`,
  );
  return Number(row?.n);
}

describe('a squash', () => {
  it('waits until overrides are many', async () => {
    for (let anchor = 1; anchor < AFTER; anchor++) await world.moveOne(anchor, world.ownerOf(anchor + 1));
    expect(await world.squash()).toMatchObject({ overrides: 0 });
    expect(await open('identity')).toBe(AFTER - 1);
  });

  it('changes no answer before, during and after, and leaves nothing to look up', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < 2; n++) await world.live();
      expect(await world.wrongAnswers()).toEqual([]);
      expect(await world.stale()).toBeGreaterThan(0);
      const before = await digest(warehouse, 'default');
      const squash = world.squash();
      const { polls, wrong } = await watched(squash);
      expect(wrong).toEqual([]);
      expect(polls).toBeGreaterThan(0);
      expect((await squash).overrides).toBeGreaterThanOrEqual(AFTER);
      expect(await digest(warehouse, 'default')).toEqual(before);
      expect([await open('identity'), await world.stale()]).toEqual([0, 0]);
      expect(await open('session')).toBeLessThan(AFTER);
      expect(await world.wrongAnswers()).toEqual([]);
    }
  }, 180_000);

  it('goes on beside inserts, merges and splits', async () => {
    const calm = world.anchors.filter((anchor) => anchor % 2 === 1);
    for (let n = 0; n < 2; n++) await world.live();
    const squash = world.squash();
    let running = true;
    const living = (async () => {
      for (; running; await pause(50)) await world.live('even');
    })();
    const { wrong } = await watched(squash, calm).finally(() => (running = false));
    await living;
    expect(wrong).toEqual([]);
    expect(await world.wrongAnswers()).toEqual([]);
  }, 180_000);

  it('takes back a merge that it has folded, when the people are split', async () => {
    for (let n = 0; n < 2; n++) await world.live();
    const [a, b] = [world.ownerOf(1), world.ownerOf(2)];
    await world.moveOne(1, b);
    await world.squash();
    await world.moveOne(1, a);
    expect(world.ownerOf(1)).toBe(a);
    expect(await world.wrongAnswers()).toEqual([]);
    for (let n = 0; n < 2; n++) await world.live();
    await world.squash();
    expect(await world.wrongAnswers()).toEqual([]);
    expect(await world.stale()).toBe(0);
  }, 180_000);

  it('waits for a reader that began before it, however slow', async () => {
    for (let n = 0; n < 2; n++) await world.live();
    const owners = new Map(world.anchors.map((anchor) => [String(anchor), world.ownerOf(anchor)]));
    const rows = warehouse.stream(
      `SELECT anchor_id, profile_id, repeat('x', 50000) AS filler FROM temas.events SETTINGS max_block_size = 50, max_threads = 1`,
      'JSONCompactEachRow',
    );
    const reader = rows[Symbol.asyncIterator]();
    const chunks = [(await reader.next()).value as Buffer];
    let ended = false;
    const squash = world.squash().finally(() => (ended = true));
    while ((await world.stale()) > 0) await pause(50);
    await pause(500);
    const endedEarly = ended;
    // What nobody takes keeps the reader there, however busy the machine is.
    const [reading] = await warehouse.query<{ n: string }>(
      `SELECT count() AS n FROM system.processes WHERE query LIKE '%filler%' AND query NOT LIKE '%system.%'`,
    );
    for (let next = await reader.next(); !next.done; next = await reader.next()) chunks.push(next.value);
    await squash;
    expect([reading?.n, endedEarly]).toEqual(['1', false]);
    const wrong = Buffer.concat(chunks)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string])
      .filter(([anchor, person]) => owners.get(anchor) !== person);
    expect(wrong).toEqual([]);
    expect(await open('identity')).toBe(0);
  }, 180_000);

  it('ends when it is told to and is done by the next one', async () => {
    for (let n = 0; n < 2; n++) await world.live();
    const abort = new AbortController();
    const squash = world.squash(abort.signal);
    abort.abort();
    expect(await squash).toMatchObject({ overrides: 0 });
    expect(await world.wrongAnswers()).toEqual([]);
    expect((await world.squash()).overrides).toBeGreaterThan(0);
    expect(await world.wrongAnswers()).toEqual([]);
  }, 180_000);

  it('takes back a rewrite that cannot be done, and keeps the overrides', async () => {
    for (let n = 0; n < 2; n++) await world.live();
    await warehouse.command(
      `ALTER TABLE temas_store.events_v1 UPDATE path = toString(throwIf(1, 'disk on fire')) WHERE 1 SETTINGS mutations_sync = 0`,
    );
    await expect(world.squash()).rejects.toMatchObject({
      code: 'WAREHOUSE.SQUASH_FAILED',
      message: expect.stringContaining('disk on fire'),
    });
    expect(await world.wrongAnswers()).toEqual([]);
    expect((await world.squash()).overrides).toBeGreaterThan(0);
    expect(await world.wrongAnswers()).toEqual([]);
  }, 180_000);

  it('changes no answer when the engine is killed in it, and ends at last', async () => {
    let killed = 0;
    for (let n = 0; n < KILLS; n++) {
      await world.live();
      const squash = world.squash().then(
        () => 'ended',
        (error: unknown) => {
          if (!(error instanceof WarehouseUnavailable)) throw error;
          return 'lost';
        },
      );
      await pause(n * (600 / KILLS));
      process.kill(await warehouse.pid(), 'SIGKILL');
      killed++;
      await squash;
      expect(await world.wrongAnswers()).toEqual([]);
    }
    expect(killed).toBe(KILLS);
    for (let n = 0; n < 2; n++) await world.live();
    const before = await digest(warehouse, 'default');
    expect((await world.squash()).overrides).toBeGreaterThan(0);
    expect(await digest(warehouse, 'default')).toEqual(before);
    expect(await world.stale()).toBe(0);
  }, 180_000);

  it('leaves what a rebuild gives that was never squashed', async () => {
    await migrate(warehouse, 2);
    await world.replayInto(2);
    expect(await digest(warehouse, 'default', 2)).toEqual(await digest(warehouse, 'default'));
  }, 180_000);
});

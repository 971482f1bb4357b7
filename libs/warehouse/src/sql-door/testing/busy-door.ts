import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { startDoor, type DoorUnderTest } from './door-under-test.ts';

/** What a run of inserts was like. */
export interface Arrived {
  readonly blocks: number;
  readonly slowestMs: number;
}

/** A door whose warehouse also takes inserts, as projections make them. */
export interface BusyDoor {
  readonly under: DoorUnderTest;
  /** Inserts blocks one behind the other, each with its token, until told to stop; every tenth twice. */
  arrivals(): { stop(): Promise<Arrived> };
  /** Fails unless every row inserted so far is there once. */
  expectAllOnce(): Promise<void>;
  /** Waits for the engine. Readers ask again by themselves; what they ask in the moment of a crash is lost with it. */
  answersAgain(): Promise<void>;
}

const BLOCK = 500;

/** Starts a door with a table of its own for arrivals. */
export async function startBusyDoor(): Promise<BusyDoor> {
  const under = await startDoor();
  await under.warehouse.command(
    `CREATE TABLE temas_store.arriving (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS
     fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`,
  );
  let block = 0;

  async function insertUntil(stopped: () => boolean): Promise<Arrived> {
    let blocks = 0;
    let slowestMs = 0;
    while (!stopped()) {
      const from = block++ * BLOCK;
      const rows = Array.from({ length: BLOCK }, (_, i) =>
        JSON.stringify([String(from + i), 'x'.repeat(100)]),
      );
      const lines = Buffer.from(`${rows.join('\n')}\n`);
      const insert = (): Promise<void> =>
        under.warehouse.insert('temas_store.arriving', lines, ['id', 'text'], `block-${from}`);
      const since = performance.now();
      await insert();
      slowestMs = Math.max(slowestMs, performance.now() - since);
      if (blocks++ % 10 === 0) await insert();
    }
    return { blocks, slowestMs };
  }

  return {
    under,
    arrivals() {
      let running = true;
      const work = insertUntil(() => !running);
      return {
        stop: () => {
          running = false;
          return work;
        },
      };
    },
    async expectAllOnce() {
      const rows = await under.warehouse.query(
        'SELECT count() AS n, uniqExact(id) AS ids FROM temas_store.arriving',
      );
      expect(rows).toEqual([{ n: String(block * BLOCK), ids: String(block * BLOCK) }]);
    },
    async answersAgain() {
      for (let i = 0; i < 20; i++) {
        const { code, body } = await under.ask('SELECT count() FROM events');
        if (code !== 210) {
          expect(body.toString()).toBe('5\n');
          return;
        }
        await sleep(100);
      }
      throw new Error('the engine did not come back');
    },
  };
}

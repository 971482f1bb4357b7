import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedWarehouse } from '../adapters/chdb/chdb-warehouse.ts';
import { digest } from '../digest.ts';
import { WarehouseUnavailable } from '../errors.ts';
import { migrate } from '../schema/migrate.ts';
import { createViews } from '../schema/views.ts';
import { MovingPeople } from './testing/moving-people.ts';

const WORLDS = 6;
const ROUNDS = 20;

describe('many squashes beside moves, the engine killed in some of them', () => {
  it.each(Array.from({ length: WORLDS }, (_, i) => i + 1))(
    'world %i: no identifier that stands still is ever seen elsewhere',
    async (seed) => {
      const path = await mkdtemp(join(tmpdir(), 'temas-squash-'));
      const warehouse = await startEmbeddedWarehouse({ path });
      try {
        await migrate(warehouse, 1);
        await createViews(warehouse, 'default', 1);
        const world = new MovingPeople(warehouse, seed, 10);
        const calm = world.anchors.filter((anchor) => anchor % 2 === 1);
        for (let round = 0; round < ROUNDS; round++) {
          await world.live();
          let running = true;
          const squash = world
            .squash()
            .catch((error: unknown) => {
              if (!(error instanceof WarehouseUnavailable)) throw error;
            })
            .finally(() => (running = false));
          const living = (async () => {
            for (; running; await pause(20)) await world.live('even');
          })();
          if (round % 3 === 2) {
            await pause(((seed * 7 + round * 13) % 10) * 60);
            process.kill(await warehouse.pid(), 'SIGKILL');
          }
          while (running) expect(await world.wrongAnswers(calm)).toEqual([]);
          await Promise.all([squash, living]);
          expect(await world.wrongAnswers()).toEqual([]);
        }
        await world.squash();
        await migrate(warehouse, 2);
        await world.replayInto(2);
        expect(await digest(warehouse, 'default', 2)).toEqual(await digest(warehouse, 'default'));
      } finally {
        await warehouse.close();
        await rm(path, { recursive: true });
      }
    },
    1_200_000,
  );
});

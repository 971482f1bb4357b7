import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreServer, eventStoreStartable } from '#test/engines/eventstore-server';
import { PostgresServer, postgresStartable, saySkipped } from '#test/postgres-server';
import { makeDataDir, TemasProcess } from '#test/temas-process';

const CLI = fileURLToPath(new URL('../../dist/run/temas.js', import.meta.url));
const STEP_MS = 240_000;
const possible = postgresStartable() && eventStoreStartable();

if (!postgresStartable()) saySkipped('temas migrate-log');
if (!eventStoreStartable())
  process.stderr.write('\nNOT CHECKED: temas migrate-log into EventStoreDB: no EVENTSTORE_COMMAND\n\n');

(possible ? describe : describe.skip)('from the embedded engines to servers', () => {
  const data = makeDataDir();
  let postgres: PostgresServer;
  let eventstore: EventStoreServer;
  let servers: NodeJS.ProcessEnv;

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    eventstore = await EventStoreServer.start();
    servers = { POSTGRES_URL: postgres.url, EVENTSTORE_URL: eventstore.url };
  }, STEP_MS);

  afterAll(async () => {
    await postgres.stop();
    await eventstore.stop();
    data.remove();
  }, STEP_MS);

  it('the same people, by the same ids, with the same touchpoints', async () => {
    const before = await TemasProcess.start(data.path);
    const batch = Array.from({ length: 300 }, (_, n) => ({
      type: n % 3 === 0 ? 'identify' : 'track',
      messageId: `m${n}`,
      userId: `user-${n % 20}`,
      anonymousId: `device-${n % 30}`,
      event: 'Thing Seen',
    }));
    const { body } = await before.send('batch', { batch });
    const people = 'SELECT profile_id, user_ids, event_count FROM profiles ORDER BY profile_id';
    const events = 'SELECT event_id, message_id, anchor_id, profile_id FROM events ORDER BY event_id';
    const old = [await before.sql(people, body.position), await before.sql(events, body.position)];
    await before.stop();

    const moved = spawnSync(process.execPath, [CLI, 'migrate-log'], {
      env: { ...process.env, ...servers, TEMAS_DATA_DIR: data.path },
      encoding: 'utf8',
    });
    expect([moved.status, moved.stderr]).toEqual([0, expect.not.stringContaining('temas migrate-log:')]);

    const fresh = makeDataDir();
    // The tables are new ones, the master key is the one of before.
    mkdirSync(join(fresh.path, 'keys'));
    copyFileSync(join(data.path, 'keys/bootstrap.json'), join(fresh.path, 'keys/bootstrap.json'));
    const after = await TemasProcess.start(fresh.path, { env: servers });
    const next = await after.send('track', { userId: 'user-1', event: 'After', messageId: 'after' });
    const withoutNext = events.replace(' ORDER', " WHERE message_id != 'after' ORDER");
    expect(await after.sql(withoutNext, next.body.position)).toEqual(old[1]);
    const [one] = await after.sql<{ event_count: string }>(
      "SELECT event_count FROM profiles WHERE has(user_ids, 'user-1')",
    );
    const was = (old[0] as { user_ids: string[]; event_count: string }[]).find(({ user_ids }) =>
      user_ids.includes('user-1'),
    );
    expect(Number(one?.event_count)).toBe(Number(was?.event_count) + 1);
    const lookup = await after.get<{ id: string }>(
      `/v1/profiles/lookup?namespace=user_id&value=user-1&after=${next.body.position}`,
    );
    expect(lookup.status).toBe(200);
    await after.stop();
    fresh.remove();
  }, 400_000);
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { watchForCrashes } from '#test/crashes';
import { untilItWorks } from '#test/retry';
import { ORIGIN } from '#kernel';
import { LogUnavailable } from '../../errors.ts';
import {
  all,
  eventsOf,
  idsOf,
  mustAppend,
  newEvents,
  past,
  subscribeUntil,
} from '../../testing/contract-room.ts';
import { openEventStoreLog } from './open-event-store-log.ts';
import type { CrashWatch } from '#test/crashes';
import type { AppendResult, EventLog, ExpectedRevision, RecordedEvent } from '../../event-log.port.ts';

/** A program that serves EventStoreDB, insecure: `<command> <directory> <port>`. */
const command = process.env['TEMAS_EVENTSTORE_COMMAND'];

/** The server takes every variable of that name for an option, and does not start with one it does not know. */
const serverEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('EVENTSTORE_')),
);
const LANES = 8;
const KILLS = 3;

(command === undefined ? describe.skip : describe)('EventStoreDB, killed while it works', () => {
  let directory: string;
  let port: number;
  let server: ChildProcess;
  let log: EventLog;
  let crashes: CrashWatch;
  const start = (): ChildProcess =>
    spawn(command as string, [directory, String(port)], { stdio: 'ignore', env: serverEnv });
  const kill = async (): Promise<void> => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'temas-eventstore-'));
    port = await freePort();
    server = start();
    log = await untilItWorks(() => openEventStoreLog({ url: `esdb://127.0.0.1:${port}?tls=false` }));
    crashes = watchForCrashes();
  }, 90_000);
  afterAll(async () => {
    await log.close();
    await kill();
    crashes.stop();
    await rm(directory, { recursive: true });
  }, 30_000);

  it('loses and doubles nothing that it acknowledged; a reader sees each event once, in order', async () => {
    let stopped = false;
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      writeLane(log, `touchpoint-${lane}`, () => stopped),
    );
    const abort = new AbortController();
    const live = readLive(log, abort.signal);
    for (let round = 0; round < KILLS; round++) {
      await pause(1_500);
      await kill();
      server = start();
      await untilItWorks(() => log.head());
    }
    await pause(1_500);
    stopped = true;

    const written = await Promise.all(lanes);
    const seen = eventsOf(await subscribeUntil(log, { prefixes: ['touchpoint-'] }, past(await log.head())));
    while (live.events.length < seen.length) await pause(50);
    abort.abort();
    await live.ended;
    expect(idsOf(live.events)).toEqual(idsOf(seen));
    for (const [lane, { ids, positions }] of written.entries()) {
      const stream = `touchpoint-${lane}`;
      const stands = seen.filter((event) => event.stream === stream);
      expect(ids.length).toBeGreaterThan(0);
      expect(idsOf(stands)).toEqual(ids);
      expect(stands.map(({ position }) => position)).toEqual(positions);
      expect(idsOf(await all(log.readStream(stream)))).toEqual(ids);
    }
    expect(crashes.seen).toEqual([]);
  }, 240_000);
});

/** Appends until told to stop; an append of unknown outcome is sent again until it is answered. */
async function writeLane(
  log: EventLog,
  stream: string,
  stopped: () => boolean,
): Promise<{ ids: string[]; positions: bigint[] }> {
  const ids: string[] = [];
  const positions: bigint[] = [];
  let expected: ExpectedRevision = 'noStream';
  while (!stopped()) {
    const events = newEvents(1 + Math.floor(Math.random() * 100));
    let result: AppendResult | undefined;
    while (result === undefined) {
      result = await log.append(stream, events, expected).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LogUnavailable);
        return undefined;
      });
    }
    const ack = mustAppend(result);
    expected = ack.revision;
    ids.push(...idsOf(events));
    positions.push(...ack.positions);
  }
  return { ids, positions };
}

/** One reader that follows the log, and takes it up again where the log has been away for long. */
function readLive(log: EventLog, signal: AbortSignal): { events: RecordedEvent[]; ended: Promise<void> } {
  const events: RecordedEvent[] = [];
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      const from = events.at(-1)?.position ?? ORIGIN;
      try {
        for await (const delivery of log.subscribe({ from, prefixes: ['touchpoint-'], signal })) {
          if (delivery.kind === 'event') events.push(delivery.event);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(LogUnavailable);
      }
    }
  };
  return { events, ended: follow() };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

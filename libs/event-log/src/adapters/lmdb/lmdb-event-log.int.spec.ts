import { execFile, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { eventLogContract } from '../../event-log.contract.ts';
import {
  all,
  eventsOf,
  idsOf,
  mustAppend,
  newEvents,
  past,
  subscribeUntil,
} from '../../testing/contract-room.ts';
import { openLmdbEventLog } from './lmdb-event-log.ts';
import type { EventLog, RecordedEvent } from '../../event-log.port.ts';

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'temas-event-log-'));

eventLogContract('LMDB', async () => {
  const path = await newDirectory();
  let log = await openLmdbEventLog({ path });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openLmdbEventLog({ path });
      return log;
    },
    async destroy() {
      await log.close();
      await rm(path, { recursive: true });
    },
  };
});

const HOOK = Symbol.for('temas.fault-hook');

describe('LMDB event log', () => {
  let path: string;
  let log: EventLog;
  beforeAll(async () => {
    path = await newDirectory();
    log = await openLmdbEventLog({ path });
  });
  afterEach(() => {
    delete (globalThis as { [HOOK]?: unknown })[HOOK];
  });
  afterAll(async () => {
    await log.close();
    await rm(path, { recursive: true });
  });

  it('counts positions as append × 4096 + index, from an empty log on', async () => {
    expect(await log.head()).toBe(0n);
    const empty = await subscribeUntil(log, { prefixes: [] }, (seen) => seen.length === 1);
    expect(empty).toEqual([{ kind: 'caughtUp', position: 0n }]);
    const first = mustAppend(await log.append('config-a', newEvents(2), 'noStream'));
    const second = mustAppend(await log.append('config-a', newEvents(1), 1n));
    expect([first.positions, second.positions]).toEqual([[4096n, 4097n], [8192n]]);
    expect(await log.head()).toBe(8192n);
  });

  it('begins at positions where no event stands', async () => {
    const events = eventsOf(await subscribeUntil(log, { prefixes: ['config-'] }, past(8192n as Position)));
    for (const [from, count] of [
      [1n, 3],
      [4095n, 3],
      [4098n, 1],
      [8191n, 1],
    ] as const) {
      const seen = await subscribeUntil(
        log,
        { prefixes: [], from: from as Position },
        past(8192n as Position),
      );
      expect(idsOf(eventsOf(seen))).toEqual(idsOf(events.slice(-count)));
    }
    const beyond = await subscribeUntil(
      log,
      { prefixes: [], from: 99999n as Position },
      (seen) => seen.length === 1,
    );
    expect(beyond).toEqual([{ kind: 'caughtUp', position: 99999n }]);
  });

  it('marks a durable touchpoint append before it answers', async () => {
    const marks: string[] = [];
    (globalThis as { [HOOK]?: (point: string) => void })[HOOK] = (point) => marks.push(point);
    const events = newEvents(1);
    const answered = log
      .append('touchpoint-a.b.20250101.w', events, 'noStream')
      .then(() => marks.push('answered'));
    await answered;
    await log.append('touchpoint-a.b.20250101.w', events, 'noStream');
    await log.append('profile-a.1', newEvents(1), 'noStream');
    expect(marks).toEqual(['appended', 'answered']);
  });

  it('tells progress at least every 1,000 appends of other streams', async () => {
    const from = await log.head();
    await Promise.all(
      Array.from({ length: 2_500 }, (_, i) => log.append(`profile-many.${i}`, newEvents(1), 'noStream')),
    );
    const seen = await subscribeUntil(log, { prefixes: ['none-'], from }, (deliveries) =>
      deliveries.some(({ kind }) => kind === 'caughtUp'),
    );
    expect(seen.map(({ kind }) => kind)).toEqual(['progress', 'progress', 'progress', 'caughtUp']);
  });
});

/** Command line of a test's child process, which runs one of the scripts in `testing/` on a log. */
function childCommand(script: string, path: string): string[] {
  const testing = new URL('../../testing/', import.meta.url);
  const loader = new URL('run-typescript.mjs', testing).href;
  const file = fileURLToPath(new URL(script, testing));
  return [process.execPath, '--conditions=source', '--import', loader, file, path];
}

/** Starts a process that appends without end and prints each acknowledged append. */
function startWriter(path: string): ChildProcessByStdio<null, Readable, null> {
  const [node, ...args] = childCommand('append-until-killed.mjs', path) as [string, ...string[]];
  return spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Acknowledged {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  readonly ids: string[];
}

/** Lets a writer acknowledge some appends, then kills it; a line cut by the kill was never acknowledged. */
async function writeAndKill(path: string, lines: number): Promise<Acknowledged[]> {
  const writer = startWriter(path);
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    const [stream, revision, position, ids] = line.split(' ');
    if (ids === undefined || ids.length % 37 !== 36) continue;
    acknowledged.push({
      stream: stream as string,
      revision: BigInt(revision as string),
      position: BigInt(position as string) as Position,
      ids: ids.split(','),
    });
    if (acknowledged.length === lines) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
  return acknowledged;
}

describe('LMDB event log and other processes', () => {
  let path: string;
  beforeAll(async () => {
    path = await newDirectory();
  });
  afterAll(() => rm(path, { recursive: true }));

  it('holds every acknowledged append after kill -9, in order, none torn', async () => {
    const acknowledged: Acknowledged[] = [];
    for (const lines of [1, 40, 150, 300]) {
      acknowledged.push(...(await writeAndKill(path, lines)));
      const log = await openLmdbEventLog({ path });
      const seen = eventsOf(await subscribeUntil(log, { prefixes: [] }, past(await log.head())));
      const streams = new Map<string, RecordedEvent[]>();
      for (const event of seen) {
        const events = streams.get(event.stream);
        if (events === undefined) streams.set(event.stream, [event]);
        else events.push(event);
      }

      for (const { stream, revision, position, ids } of acknowledged) {
        const from = Number(revision) + 1 - ids.length;
        const events = streams.get(stream)?.slice(from, from + ids.length) ?? [];
        expect(idsOf(events)).toEqual(ids);
        expect(events.at(-1)?.position).toBe(position);
      }
      for (const event of seen) {
        expect(event.metadata.toString()).toBe(event.id);
        expect(event.data.equals(Buffer.alloc(600, event.id))).toBe(true);
      }
      for (const [stream, events] of streams) {
        expect(events.map((event) => event.revision)).toEqual(events.map((_, i) => BigInt(i)));
        expect(idsOf(await all(log.readStream(stream)))).toEqual(idsOf(events));
      }
      await log.close();
    }
  });

  it('sees what another process appends', async () => {
    const log = await openLmdbEventLog({ path });
    const from = await log.head();
    const abort = new AbortController();
    const writer = startWriter(path);
    let count = 0;
    let caughtUp = 0;
    for await (const delivery of log.subscribe({ from, prefixes: ['touchpoint-b'], signal: abort.signal })) {
      if (delivery.kind === 'caughtUp') caughtUp++;
      if (delivery.kind === 'event' && ++count >= 200) abort.abort();
    }
    const own = mustAppend(await log.append('config-own', newEvents(1), 'noStream'));
    expect(own.position).toBeGreaterThan(ORIGIN);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect(caughtUp).toBeGreaterThan(0);
    await log.close();
  });

  it('refuses appends on a full disk, keeps those it acknowledged, and the process lives', async () => {
    const full = await newDirectory();
    const command = childCommand('append-until-full.mjs', full);
    const limited = ['-c', 'ulimit -f 10000 && exec "$@"', 'sh', ...command];
    const { stdout } = await promisify(execFile)('/bin/sh', limited);
    const { acknowledged, refusals, last } = JSON.parse(stdout);
    expect(refusals).toEqual(Array(4).fill('EVENT_LOG.UNAVAILABLE'));
    expect(last).toBe(acknowledged - 1);

    const log = await openLmdbEventLog({ path: full });
    expect(await all(log.readStream('touchpoint-a'))).toHaveLength(acknowledged);
    mustAppend(await log.append('touchpoint-a', newEvents(1), BigInt(last)));
    await log.close();
    await rm(full, { recursive: true });
  });
});

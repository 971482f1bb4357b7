import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { watchForCrashes } from '#test/crashes';
import { EventStoreStandIn } from '#test/eventstore/stand-in';
import { ORIGIN } from '#kernel';
import { LogAccessDenied, LogUnavailable } from '../../errors.ts';
import { all, eventsOf, idsOf, mustAppend, newEvents, reachedBy } from '../../testing/contract-room.ts';
import { openEventStoreLog } from './open-event-store-log.ts';
import type { CrashWatch } from '#test/crashes';
import type { ReadFault } from '#test/eventstore/faults';
import type { Delivery, EventLog } from '../../event-log.port.ts';

const PREFIX = 'touchpoint-';
/** Long enough for a busy machine: what is answered must not be taken for silence. */
const TIMEOUT_MS = 1_000;

describe('a subscription to EventStoreDB', () => {
  let standIn: EventStoreStandIn;
  let log: EventLog;
  let crashes: CrashWatch;
  beforeEach(async () => {
    standIn = new EventStoreStandIn();
    await standIn.start();
    log = await openEventStoreLog({ url: standIn.url, timeoutMs: TIMEOUT_MS });
    crashes = watchForCrashes();
  });
  afterEach(async () => {
    await log.close();
    standIn.stop();
    await pause(20);
    crashes.stop();
    expect(crashes.seen).toEqual([]);
  });

  async function fill(stream: string, appends: number, size = 10): Promise<string[]> {
    const ids: string[] = [];
    let next = (await log.lastRevision(stream)) ?? ('noStream' as const);
    for (let i = 0; i < appends; i++) {
      const events = newEvents(size);
      next = mustAppend(await log.append(stream, events, next)).revision;
      ids.push(...idsOf(events));
    }
    return ids;
  }

  /** One subscription, never taken up again by the test. */
  async function take(
    enough: (seen: readonly Delivery[]) => boolean | Promise<boolean>,
    prefixes = [PREFIX],
  ): Promise<Delivery[]> {
    const abort = new AbortController();
    const seen: Delivery[] = [];
    for await (const delivery of log.subscribe({ from: ORIGIN, prefixes, signal: abort.signal })) {
      seen.push(delivery);
      if (await enough(seen)) abort.abort();
    }
    return seen;
  }

  const caughtUp = (seen: readonly Delivery[]): boolean => seen.at(-1)?.kind === 'caughtUp';

  const faults: [string, ReadFault][] = [
    ['that the server ends cleanly', { kind: 'end', after: 7 }],
    ['that the server ends cleanly before anything has come', { kind: 'end', after: 0 }],
    [
      'that is dropped because its reader is slow',
      {
        kind: 'fail',
        after: 12,
        code: status.ABORTED,
        details:
          'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
      },
    ],
    ['that breaks off', { kind: 'fail', after: 9, code: status.UNAVAILABLE, details: 'gone' }],
    [
      'that is cancelled',
      { kind: 'fail', after: 9, code: status.CANCELLED, details: 'cancelled by the server' },
    ],
    [
      'that fails in a handler',
      { kind: 'fail', after: 3, code: status.UNKNOWN, details: 'Exception was thrown' },
    ],
    ['that is never answered', { kind: 'silent', after: 0 }],
    ['that falls silent in the middle', { kind: 'silent', after: 11 }],
  ];

  it.each(faults)('%s goes on after the last event, each once and in order', async (_, fault) => {
    const ids = await fill('touchpoint-a', 3);
    standIn.faults.reads.subscription.push(fault, fault);
    const seen = await take(caughtUp);
    expect(idsOf(eventsOf(seen))).toEqual(ids);
    expect(standIn.subscriptions).toBeGreaterThanOrEqual(3);
  });

  it('gives what a slow server sends', async () => {
    const ids = await fill('touchpoint-a', 1, 5);
    standIn.faults.reads.subscription.push({ kind: 'slow', after: 0, ms: 60 });
    expect(idsOf(eventsOf(await take(caughtUp)))).toEqual(ids);
  });

  it('notices one that is dead while it is live', async () => {
    const ids = await fill('touchpoint-a', 1, 4);
    // Confirmation, four events and the mark of being live come; nothing after.
    standIn.faults.reads.subscription.push({ kind: 'silent', after: 6 });
    const seen = await take(async (deliveries) => {
      if (caughtUp(deliveries) && ids.length === 4) ids.push(...(await fill('touchpoint-a', 1, 4)));
      return eventsOf(deliveries).length === 8;
    });
    expect(idsOf(eventsOf(seen))).toEqual(ids);
  });

  it('tells progress in its order with events, through long stretches of others', async () => {
    const ids = await fill('touchpoint-a', 1, 3);
    await fill('profile-a', 20, 250);
    ids.push(...(await fill('touchpoint-a', 1, 3)));
    const seen = await take(async (deliveries) => {
      await pause(5);
      return caughtUp(deliveries);
    });
    expect(idsOf(eventsOf(seen))).toEqual(ids);
    const marks = seen.filter(({ kind }) => kind === 'progress');
    expect(marks.length).toBeGreaterThanOrEqual(2);
    seen.reduce((before, delivery) => {
      expect(reachedBy(delivery) >= before).toBe(true);
      return reachedBy(delivery);
    }, ORIGIN);
  });

  it('tells how far the log has grown although nothing of it is wanted', async () => {
    await fill('touchpoint-a', 1, 2);
    let head = ORIGIN;
    await take(async (deliveries) => {
      if (!caughtUp(deliveries)) return false;
      if (head > ORIGIN) return reachedBy(deliveries.at(-1) as Delivery) >= head;
      await fill('profile-a', 1, 5);
      head = await log.head();
      return false;
    });
  });

  it('does not hide that access is denied', async () => {
    standIn.faults.reads.subscription.push({
      kind: 'fail',
      after: 0,
      code: status.PERMISSION_DENIED,
      details: 'Access Denied',
      exception: 'access-denied',
    });
    await expect(take(caughtUp)).rejects.toThrow(LogAccessDenied);
  });

  it('throws when the log stays away, and can be aborted before', async () => {
    standIn.stop();
    await expect(take(caughtUp)).rejects.toThrow(LogUnavailable);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const seen = log.subscribe({ from: ORIGIN, prefixes: [], signal: abort.signal });
    expect(await all(seen)).toEqual([]);
    await standIn.start();
  });

  it('outlives a restart of the server while it is live', async () => {
    const ids = await fill('touchpoint-a', 1, 4);
    const seen = await take(async (deliveries) => {
      if (caughtUp(deliveries) && ids.length === 4) {
        standIn.stop();
        await standIn.start();
        ids.push(...(await fill('touchpoint-a', 1, 4)));
      }
      return eventsOf(deliveries).length === 8;
    });
    expect(idsOf(eventsOf(seen))).toEqual(ids);
  });
});

describe('a read of EventStoreDB', () => {
  let standIn: EventStoreStandIn;
  let log: EventLog;
  beforeEach(async () => {
    standIn = new EventStoreStandIn();
    await standIn.start();
    log = await openEventStoreLog({ url: standIn.url, timeoutMs: TIMEOUT_MS });
  });
  afterEach(async () => {
    await log.close();
    standIn.stop();
  });

  it('that is not answered is given up', async () => {
    standIn.faults.reads.all.push({ kind: 'silent', after: 0 });
    await expect(log.head()).rejects.toThrow(LogUnavailable);
    expect(await log.head()).toBeGreaterThan(ORIGIN);
  });

  it('that breaks off is taken up where it was, a few times', async () => {
    const events = newEvents(5);
    await log.append('config-a', events, 'noStream');
    const broken: ReadFault = { kind: 'fail', after: 2, code: status.UNAVAILABLE, details: 'gone' };
    standIn.faults.reads.stream.push(broken, broken);
    expect(idsOf(await all(log.readStream('config-a')))).toEqual(idsOf(events));
    standIn.faults.reads.stream.push(...Array<ReadFault>(3).fill({ ...broken, after: 0 }));
    await expect(all(log.readStream('config-a'))).rejects.toThrow(LogUnavailable);
  });

  it('that is denied says so', async () => {
    standIn.faults.reads.all.push({
      kind: 'fail',
      after: 0,
      code: status.PERMISSION_DENIED,
      details: 'Access Denied',
      exception: 'access-denied',
    });
    await expect(log.head()).rejects.toThrow(LogAccessDenied);
  });

  it('lists the streams of configuration from its register, without reading the log', async () => {
    for (const name of ['config-a', 'config-b', 'profile-a'])
      await log.append(name, newEvents(1), 'noStream');
    const before = standIn.subscriptions;
    expect((await all(log.streams('config-'))).sort()).toEqual(['config-a', 'config-b']);
    expect(standIn.subscriptions).toBe(before);
    expect((await all(log.streams(''))).sort()).toEqual(['config-a', 'config-b', 'profile-a']);
    const second = await openEventStoreLog({ url: standIn.url });
    expect(second.id).toBe(log.id);
    await second.append('config-c', newEvents(1), 'noStream');
    expect(await all(log.streams('config-c'))).toEqual(['config-c']);
    await Promise.all(['config-d', 'config-e'].map((name) => log.append(name, newEvents(1), 'noStream')));
    expect(await all(second.streams('config-'))).toHaveLength(5);
    await second.close();
  });
});

describe('opening a log in EventStoreDB', () => {
  it('says that there is no server, and no password', async () => {
    await expect(openEventStoreLog({ url: 'esdb://127.0.0.1:1?tls=false', timeoutMs: 200 })).rejects.toThrow(
      LogUnavailable,
    );
    for (const url of ['esdb://admin:hidden@?tls=false', 'esdb://127.0.0.1:1?throwOnAppendFailure=false']) {
      const error: unknown = await openEventStoreLog({ url }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LogUnavailable);
      expect(JSON.stringify([error, (error as Error).message, (error as Error).cause])).not.toContain(
        'hidden',
      );
    }
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { watchForCrashes } from '#test/crashes';
import type { AppendFault } from '#test/eventstore/faults';
import { EventStoreStandIn } from '#test/eventstore/stand-in';
import { AppendTooLarge, InvalidAppend, LogAccessDenied, LogUnavailable } from '../../errors.ts';
import { all, idsOf, mustAppend, newEvents } from '../../testing/contract-room.ts';
import { openEventStoreLog } from './open-event-store-log.ts';
import type { CrashWatch } from '#test/crashes';
import type { AppendResult, EventLog, NewEvent } from '../../event-log.port.ts';

const STREAM = 'touchpoint-a.b.20260101.w';

/** Long enough for a busy machine: what is answered must not be taken for silence. */
const TIMEOUT_MS = 1_000;

describe('an append to EventStoreDB', () => {
  let standIn: EventStoreStandIn;
  let log: EventLog;
  let crashes: CrashWatch;
  beforeEach(async () => {
    standIn = new EventStoreStandIn();
    await standIn.start();
    log = await openEventStoreLog({ url: standIn.url, timeoutMs: TIMEOUT_MS });
    standIn.appends.length = 0;
    crashes = watchForCrashes();
  });
  afterEach(async () => {
    await log.close();
    standIn.stop();
    await pause(20);
    crashes.stop();
    expect(crashes.seen).toEqual([]);
  });

  const stored = (stream = STREAM): string[] => idsOf(standIn.log.stream(stream) ?? []);

  const outcomeUnknown: [string, AppendFault][] = [
    ['never answered, not written', { kind: 'silent', stores: false }],
    ['never answered, but written', { kind: 'silent', stores: true }],
    ['answered after the time-out', { kind: 'late', ms: 2_500 }],
    ['half-closed, not written', { kind: 'halfClose', stores: false }],
    ['half-closed, but written', { kind: 'halfClose', stores: true }],
    ['broken off, not written', { kind: 'break', stores: false, code: status.UNAVAILABLE }],
    ['broken off, but written', { kind: 'break', stores: true, code: status.UNAVAILABLE }],
    ['broken off by an internal error', { kind: 'break', stores: true, code: status.INTERNAL }],
    ['cancelled by the server', { kind: 'break', stores: true, code: status.CANCELLED }],
    ['refused with a time-out', { kind: 'refuse', refusal: 'timeout' }],
    ['refused for an unknown reason', { kind: 'refuse', refusal: 'unknown' }],
    ['refused by a server that is starting', { kind: 'refuse', refusal: 'notReady' }],
  ];

  it.each(outcomeUnknown)('%s: is sent again, the same, and stands there once', async (_, fault) => {
    const first = mustAppend(await log.append(STREAM, newEvents(2), 'noStream'));
    const events = newEvents(3);
    standIn.faults.appends.push(fault);
    const ack = mustAppend(await log.append(STREAM, events, first.revision));

    const tries = standIn.appends.slice(1);
    expect(tries.length).toBeGreaterThan(1);
    for (const { ids } of tries) expect(ids).toEqual(idsOf(events));
    expect(stored().slice(2)).toEqual(idsOf(events));
    expect(ack.positions).toEqual(
      standIn.log
        .stream(STREAM)
        ?.slice(2)
        .map(({ position }) => BigInt(position)),
    );
    mustAppend(await log.append(STREAM, newEvents(1), ack.revision));
    if (fault.kind === 'late') await pause(fault.ms);
    expect(stored()).toHaveLength(6);
  });

  it.each([
    ['accessDenied', LogAccessDenied],
    ['maximumAppendSizeExceeded', AppendTooLarge],
    ['streamDeleted', InvalidAppend],
  ] as const)('refused with %s is not tried again', async (refusal, error) => {
    standIn.faults.appends.push({ kind: 'refuse', refusal });
    await expect(log.append(STREAM, newEvents(1), 'noStream')).rejects.toThrow(error);
    expect(standIn.appends).toHaveLength(1);
    mustAppend(await log.append(STREAM, newEvents(1), 'noStream'));
  });

  it('is no conflict where the server takes a copy of it for one', async () => {
    const events = newEvents(2);
    standIn.faults.appends.push(
      { kind: 'silent', stores: true },
      { kind: 'refuse', refusal: 'wrongExpectedVersion' },
    );
    expect(mustAppend(await log.append(STREAM, events, 'noStream')).revision).toBe(1n);
    expect(stored()).toEqual(idsOf(events));
  });

  it('is a conflict where others stand at that place', async () => {
    standIn.faults.appends.push({ kind: 'silent', stores: false });
    const [mine, theirs] = [newEvents(1), newEvents(1)];
    const appending = log.append(STREAM, mine, 'noStream');
    await pause(50);
    standIn.log.append(
      STREAM,
      'noStream',
      theirs.map((event) => ({ ...event, contentType: '' })),
    );
    expect(await appending).toEqual({ outcome: 'conflict', actual: 0n });
  });

  it('tells that the outcome is unknown after some tries, and later ones go through', async () => {
    standIn.faults.appends.push(...Array<AppendFault>(4).fill({ kind: 'silent', stores: true }));
    const events = newEvents(1);
    await expect(log.append(STREAM, events, 'noStream')).rejects.toThrow(LogUnavailable);
    standIn.faults.clear();
    mustAppend(await log.append(STREAM, events, 'noStream'));
    expect(stored()).toEqual(idsOf(events));
  });

  it('does not wait for ever for what the server can do', async () => {
    standIn.stop();
    await standIn.start();
    standIn.faults.silentFeatures = 1;
    mustAppend(await log.append(STREAM, newEvents(1), 'noStream'));
  });

  it('goes through although many wait behind a server that reads nothing, and then breaks off', async () => {
    const large = (): NewEvent[] => newEvents(1).map((event) => ({ ...event, data: Buffer.alloc(200_000) }));
    standIn.faults.appends.push({ kind: 'stopReading' });
    const lanes = Array.from({ length: 64 }, (_, lane) =>
      log.append(`touchpoint-${lane}`, large(), 'noStream'),
    );
    await pause(150);
    standIn.stop();
    await standIn.start();
    for (const [lane, result] of (await Promise.all(lanes)).entries()) {
      mustAppend(result);
      expect(stored(`touchpoint-${lane}`)).toHaveLength(1);
    }
  });

  it('of many writers loses and doubles none while the server goes and comes back', async () => {
    const lanes = Array.from({ length: 8 }, (_, lane) => `touchpoint-${lane}`);
    let stopped = false;
    const written = lanes.map(async (stream) => {
      const ids: string[] = [];
      for (let next: bigint | 'noStream' = 'noStream'; !stopped;) {
        const events = newEvents(4);
        for (let done = false; !done;) {
          const result: AppendResult | undefined = await log
            .append(stream, events, next)
            .catch((error: unknown) => {
              expect(error).toBeInstanceOf(LogUnavailable);
              return undefined;
            });
          if (result === undefined) continue;
          next = mustAppend(result).revision;
          ids.push(...idsOf(events));
          done = true;
        }
      }
      return ids;
    });
    for (let round = 0; round < 3; round++) {
      await pause(150);
      standIn.stop();
      await pause(100 * round);
      await standIn.start();
    }
    await pause(150);
    stopped = true;
    for (const [lane, ids] of (await Promise.all(written)).entries()) {
      expect(ids.length).toBeGreaterThan(0);
      expect(stored(lanes[lane])).toEqual(ids);
      expect(idsOf(await all(log.readStream(lanes[lane] as string)))).toEqual(ids);
    }
  });

  it('has the positions of a server that lays its records out in another way', async () => {
    const other = new EventStoreStandIn(24);
    await other.start();
    const itsLog = await openEventStoreLog({ url: other.url, timeoutMs: TIMEOUT_MS });
    for (const stream of ['a', 'b']) {
      const { positions } = mustAppend(await itsLog.append(stream, newEvents(5), 'noStream'));
      expect(positions).toEqual((await all(itsLog.readStream(stream))).map(({ position }) => position));
    }
    await itsLog.close();
    other.stop();
  });

  it('keeps the envelope readable, beside the ids of its cause', async () => {
    const [touchpoint, decision] = newEvents(2) as [NewEvent, NewEvent];
    const data = Buffer.from(JSON.stringify({ evidenceEventId: touchpoint.id, n: 0 }));
    await log.append(STREAM, [touchpoint], 'noStream');
    await log.append('profile-a.1', [{ ...decision, metadata: Buffer.alloc(0), data }], 'noStream');
    const [first, second] = [STREAM, 'profile-a.1'].map((name) => standIn.log.stream(name)?.[0]);
    const read = (bytes: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(bytes ?? []).toString());
    const cause = { $correlationId: touchpoint.id, $causationId: touchpoint.id };
    expect(read(first?.metadata)).toEqual({ a: 1, ...cause });
    expect(first?.contentType).toBe('application/octet-stream');
    expect(read(second?.metadata)).toEqual(cause);
    expect(second?.contentType).toBe('application/json');
    expect((await all(log.readStream('profile-a.1')))[0]).toMatchObject({ data, metadata: Buffer.alloc(0) });
  });
});

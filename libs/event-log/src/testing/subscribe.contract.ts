import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { LogUnavailable } from '../errors.ts';
import {
  eventsOf,
  idsOf,
  mustAppend,
  newEvents,
  newRoom,
  past,
  reachedBy,
  subscribeUntil,
} from './contract-room.ts';
import { heldBytes } from './held-bytes.ts';
import type { LogUnderTest, Room } from './contract-room.ts';
import type { Delivery, EventLog, ExpectedRevision, NewEvent } from '../event-log.port.ts';

interface Written {
  readonly ids: string[];
  readonly positions: Position[];
}

/** `appends` appends of `size` events each, to one stream. */
async function fill(log: EventLog, stream: string, appends: number, size: number): Promise<Written> {
  const written: Written = { ids: [], positions: [] };
  let expected: ExpectedRevision = (await log.lastRevision(stream)) ?? 'noStream';
  for (let i = 0; i < appends; i++) {
    const events = newEvents(size);
    const ack = mustAppend(await log.append(stream, events, expected));
    written.ids.push(...idsOf(events));
    written.positions.push(...ack.positions);
    expected = ack.revision;
  }
  return written;
}

/** Nothing goes back: a consumer may store the position of any delivery. */
function expectMonotonic(seen: readonly Delivery[]): void {
  let before: bigint = -1n;
  for (const delivery of seen) {
    const now = reachedBy(delivery);
    expect(delivery.kind === 'event' ? now > before : now >= before).toBe(true);
    before = now;
  }
}

/** The half of the contract that subscribes. */
export function subscribeContract(target: LogUnderTest): void {
  const inRoom = (room: Room): { prefixes: string[] } => ({ prefixes: [room.prefix] });

  describe('subscribe', () => {
    it('gives everything from the start, in log order', async () => {
      const room = newRoom();
      const a = await fill(target.log, room.stream('a'), 3, 4);
      const b = await fill(target.log, room.stream('b'), 2, 1);
      const last = b.positions.at(-1) as Position;
      const seen = await subscribeUntil(target.log, inRoom(room), past(last));
      expect(idsOf(eventsOf(seen))).toEqual([...a.ids, ...b.ids]);
      expect(eventsOf(seen).map((event) => event.position)).toEqual([...a.positions, ...b.positions]);
      expect(eventsOf(seen)[11]).toMatchObject({ stream: room.stream('a'), revision: 11n, type: 'Tested' });
      expectMonotonic(seen);
    });

    it('begins after any position, also within an append', async () => {
      const room = newRoom();
      const { ids, positions } = await fill(target.log, room.stream('a'), 3, 4);
      const last = positions.at(-1) as Position;
      for (const [i, from] of positions.slice(0, -1).entries()) {
        const seen = await subscribeUntil(target.log, { ...inRoom(room), from }, past(last));
        expect(idsOf(eventsOf(seen))).toEqual(ids.slice(i + 1));
      }
    });

    it('gives every stream where no prefix is named', async () => {
      const from = await target.log.head();
      const rooms = [newRoom(), newRoom()] as const;
      const one = await fill(target.log, rooms[0].stream('a'), 2, 2);
      const two = await fill(target.log, rooms[1].stream('a'), 2, 2);
      const seen = await subscribeUntil(
        target.log,
        { prefixes: [], from },
        past(two.positions.at(-1) as Position),
      );
      const ours = eventsOf(seen).filter(({ stream }) =>
        rooms.some(({ prefix }) => stream.startsWith(prefix)),
      );
      expect(idsOf(ours)).toEqual([...one.ids, ...two.ids]);
    });

    it('gives the streams of its prefixes only', async () => {
      const room = newRoom();
      const wanted: string[] = [];
      for (let i = 0; i < 4; i++) {
        wanted.push(...(await fill(target.log, room.stream('yes'), 1, 2)).ids);
        await fill(target.log, room.stream('no'), 3, 2);
        wanted.push(...(await fill(target.log, room.stream('also'), 1, 1)).ids);
      }
      const end = await target.log.head();
      const prefixes = [room.stream('yes'), room.stream('al')];
      const seen = await subscribeUntil(target.log, { prefixes }, past(end));
      expect(idsOf(eventsOf(seen))).toEqual(wanted);
      expectMonotonic(seen);
    });

    it('tells progress over long stretches without a matching event, and that it has caught up', async () => {
      const room = newRoom();
      const from = await target.log.head();
      await fill(target.log, room.stream('other'), 30, 256);
      const end = await target.log.head();
      const seen = await subscribeUntil(target.log, { prefixes: [room.stream('none')], from }, (deliveries) =>
        deliveries.some(({ kind }) => kind === 'caughtUp'),
      );
      expect(eventsOf(seen)).toEqual([]);
      expect(seen.some((delivery) => delivery.kind === 'progress' && delivery.position >= end)).toBe(true);
      expectMonotonic(seen);
    });

    it('tells that it has caught up each time, and delivers live events', async () => {
      const room = newRoom();
      const ids: string[] = [];
      let caughtUp = 0;
      const seen = await subscribeUntil(target.log, inRoom(room), async (deliveries) => {
        if (deliveries.at(-1)?.kind !== 'caughtUp') return false;
        expect(idsOf(eventsOf(deliveries))).toEqual(ids);
        caughtUp++;
        if (caughtUp <= 5) ids.push(...(await fill(target.log, room.stream('a'), 1, caughtUp)).ids);
        return caughtUp > 5;
      });
      expect(idsOf(eventsOf(seen))).toEqual(ids);
      expectMonotonic(seen);
    });

    it('wakes for an event that comes while it waits', async () => {
      const room = newRoom();
      const from = await target.log.head();
      const waiting = subscribeUntil(
        target.log,
        { ...inRoom(room), from },
        (seen) => eventsOf(seen).length === 3,
      );
      await delay(50);
      const { ids } = await fill(target.log, room.stream('a'), 1, 3);
      expect(idsOf(eventsOf(await waiting))).toEqual(ids);
    });

    it('goes from history to live without a gap while writers append', async () => {
      const room = newRoom();
      const writers = [0, 1, 2].map((w) => fill(target.log, room.stream(`w${w}`), 40, 3));
      const seen = await subscribeUntil(
        target.log,
        inRoom(room),
        (deliveries) => eventsOf(deliveries).length >= 360,
      );
      const ids = new Map<string, string[]>();
      for (const { stream, id } of eventsOf(seen)) ids.set(stream, [...(ids.get(stream) ?? []), id]);
      for (const [w, written] of (await Promise.all(writers)).entries()) {
        expect(ids.get(room.stream(`w${w}`))).toEqual(written.ids);
      }
      expectMonotonic(seen);
    });

    it('goes on after a restart of the log', async () => {
      const room = newRoom();
      const before = await fill(target.log, room.stream('a'), 2, 3);
      const from = before.positions[1] as Position;
      await target.reopen();
      const after = await fill(target.log, room.stream('a'), 1, 3);
      const seen = await subscribeUntil(
        target.log,
        { ...inRoom(room), from },
        past(after.positions.at(-1) as Position),
      );
      expect(idsOf(eventsOf(seen))).toEqual([...before.ids.slice(2), ...after.ids]);
    });
  });

  describe('subscribe with a slow consumer', () => {
    it('gives it everything in order while the log grows', async () => {
      const room = newRoom();
      const writing = fill(target.log, room.stream('a'), 60, 2);
      const seen = await subscribeUntil(target.log, inRoom(room), async (deliveries) => {
        await delay(2);
        return eventsOf(deliveries).length >= 120;
      });
      expect(idsOf(eventsOf(seen))).toEqual((await writing).ids);
    });

    it('does not read ahead of it without bound', async () => {
      const room = newRoom();
      const block = 1024 * 1024;
      let expected: ExpectedRevision = 'noStream';
      for (let i = 0; i < 48; i++) {
        const event = { ...newEvents(1)[0], data: Buffer.alloc(block - 100, i) } as NewEvent;
        expected = mustAppend(await target.log.append(room.stream('a'), [event], expected)).revision;
      }
      const abort = new AbortController();
      let held = Number.POSITIVE_INFINITY;
      let count = 0;
      const before = heldBytes();
      for await (const { kind } of target.log.subscribe({
        from: ORIGIN,
        ...inRoom(room),
        signal: abort.signal,
      })) {
        if (kind !== 'event') continue;
        if (count++ === 0) {
          await delay(300);
          held = heldBytes() - before;
        }
        if (count === 48) abort.abort();
      }
      expect(held).toBeLessThan(16 * block);
      expect(count).toBe(48);
    });
  });

  describe('end of a subscription', () => {
    it('ends cleanly when aborted: before, while reading and while waiting', async () => {
      const room = newRoom();
      await fill(target.log, room.stream('a'), 2, 5);
      for (const stopAt of [0, 1, 7, 'waiting'] as const) {
        const abort = new AbortController();
        if (stopAt === 0) abort.abort();
        let count = 0;
        for await (const { kind } of target.log.subscribe({
          from: ORIGIN,
          ...inRoom(room),
          signal: abort.signal,
        })) {
          if (kind === 'event' && ++count === stopAt) abort.abort();
          if (kind === 'caughtUp') setTimeout(() => abort.abort(), 20);
        }
        expect(count).toBe(stopAt === 'waiting' ? 10 : stopAt);
      }
    });

    it('may be left with break, and others go on', async () => {
      const room = newRoom();
      const { ids, positions } = await fill(target.log, room.stream('a'), 2, 5);
      for await (const { kind } of target.log.subscribe({
        from: ORIGIN,
        ...inRoom(room),
        signal: new AbortController().signal,
      })) {
        if (kind === 'event') break;
      }
      const seen = await subscribeUntil(target.log, inRoom(room), past(positions.at(-1) as Position));
      expect(idsOf(eventsOf(seen))).toEqual(ids);
    });

    it('ends when the log closes; what was under way is kept, later calls are refused', async () => {
      const room = newRoom();
      const { log } = target;
      const head = await log.head();
      const reading = (async () => {
        const { signal } = new AbortController();
        for await (const { kind } of log.subscribe({ from: head, ...inRoom(room), signal }))
          expect(kind).toBeDefined();
      })();
      await delay(20);
      const events = newEvents(2);
      const appending = log.append(room.stream('a'), events, 'noStream');
      await Promise.all([log.close(), log.close()]);
      mustAppend(await appending);
      await reading;
      await expect(log.append(room.stream('b'), newEvents(1), 'noStream')).rejects.toThrow(LogUnavailable);
      await expect(log.head()).rejects.toThrow(LogUnavailable);
      await target.reopen();
      expect(await target.log.lastRevision(room.stream('a'))).toBe(1n);
    });
  });
}

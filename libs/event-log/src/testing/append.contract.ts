import { describe, expect, it } from '@jest/globals';
import { AppendTooLarge, InvalidAppend } from '../errors.ts';
import { MAX_APPEND_BYTES, MAX_APPEND_EVENTS } from '../event-log.port.ts';
import { all, idsOf, mustAppend, newEvents, newRoom } from './contract-room.ts';
import type { LogUnderTest } from './contract-room.ts';
import type { ExpectedRevision, NewEvent } from '../event-log.port.ts';

/** The half of the contract that writes and reads streams. */
export function appendContract(target: LogUnderTest): void {
  describe('append and read', () => {
    it('reads back what was appended, bytes unharmed', async () => {
      const stream = newRoom().stream('a');
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const events: NewEvent[] = newEvents(4).map((event, i) => ({
        ...event,
        type: i === 0 ? 'Erste Berührung ✓' : 'Tested',
        metadata: i === 1 ? Buffer.alloc(0) : Buffer.from('{"ü":"☃"}'),
        data: [everyByte, Buffer.alloc(0), Buffer.alloc(100_000, 7), new Uint8Array([0, 255])][
          i
        ] as Uint8Array,
      }));
      const ack = mustAppend(await target.log.append(stream, events, 'noStream'));
      const read = await all(target.log.readStream(stream));

      expect(idsOf(read)).toEqual(idsOf(events));
      expect(read.map((event) => event.type)).toEqual(events.map((event) => event.type));
      read.forEach((event, i) => {
        expect(Buffer.compare(event.data, events[i]?.data as Uint8Array)).toBe(0);
        expect(Buffer.compare(event.metadata, events[i]?.metadata as Uint8Array)).toBe(0);
      });
      expect(read.map((event) => event.stream)).toEqual([stream, stream, stream, stream]);
      expect(read.map((event) => event.revision)).toEqual([0n, 1n, 2n, 3n]);
      expect(read.map((event) => event.position)).toEqual(ack.positions);
      expect(ack).toMatchObject({ revision: 3n, position: ack.positions[3], repeated: false });
    });

    it('names the streams that begin with a prefix', async () => {
      const room = newRoom();
      const streams = ['a', 'ab', 'b'].map((name) => room.stream(name));
      for (const stream of streams) await target.log.append(stream, newEvents(1), 'noStream');
      const found = async (prefix: string): Promise<string[]> => {
        const names: string[] = [];
        for await (const name of target.log.streams(prefix)) names.push(name);
        return names.sort();
      };
      expect(await found(room.stream('a'))).toEqual(streams.slice(0, 2));
      expect(await found(room.stream(''))).toEqual([...streams].sort());
      expect(await found(room.stream('c'))).toEqual([]);
    });

    it('takes the bytes as they are at the call', async () => {
      const stream = newRoom().stream('a');
      const data = Buffer.from('before');
      const appending = target.log.append(stream, [{ ...newEvents(1)[0], data } as NewEvent], 'noStream');
      await Promise.resolve();
      data.fill('x');
      await appending;
      expect((await all(target.log.readStream(stream)))[0]?.data.toString()).toBe('before');
    });

    it('gives strictly increasing positions over all streams', async () => {
      const room = newRoom();
      const positions: bigint[] = [];
      let expected: ExpectedRevision = 'noStream';
      for (let i = 0; i < 5; i++) {
        const a = mustAppend(await target.log.append(room.stream('a'), newEvents(3), expected));
        const b = mustAppend(await target.log.append(room.stream(`b${i}`), newEvents(2), 'noStream'));
        positions.push(...a.positions, ...b.positions);
        expected = a.revision;
      }
      positions.reduce((before, position) => {
        expect(position > before).toBe(true);
        return position;
      }, 0n);
    });

    it('reads a stream from a revision, also from within an append', async () => {
      const stream = newRoom().stream('a');
      const events = newEvents(12);
      for (let i = 0; i < 12; i += 4) {
        await target.log.append(stream, events.slice(i, i + 4), i === 0 ? 'noStream' : BigInt(i - 1));
      }
      for (const from of [0, 1, 4, 6, 11, 12, 100]) {
        expect(idsOf(await all(target.log.readStream(stream, BigInt(from))))).toEqual(
          idsOf(events.slice(from)),
        );
      }
      expect(await all(target.log.readStream(newRoom().stream('none')))).toEqual([]);
    });

    it('keeps apart streams whose names begin alike', async () => {
      const room = newRoom();
      const names = ['a', 'a.b', 'ab', 'a-b', 'a1'];
      const events = newEvents(names.length);
      for (const [i, name] of names.entries()) {
        await target.log.append(room.stream(name), events.slice(i, i + 1), 'noStream');
      }
      for (const [i, name] of names.entries()) {
        expect(idsOf(await all(target.log.readStream(room.stream(name))))).toEqual([events[i]?.id]);
        expect(await target.log.lastRevision(room.stream(name))).toBe(0n);
      }
    });

    it('knows the last revision and the head', async () => {
      const stream = newRoom().stream('a');
      expect(await target.log.lastRevision(stream)).toBeUndefined();
      const before = await target.log.head();
      const ack = mustAppend(await target.log.append(stream, newEvents(7), 'noStream'));
      expect(await target.log.lastRevision(stream)).toBe(6n);
      expect(ack.positions[0] as bigint).toBeGreaterThan(before);
      expect(await target.log.head()).toBeGreaterThanOrEqual(ack.position);
    });
  });

  describe('expected revision', () => {
    /** Stream holds A B C (as A, then B C); `x` is new. Columns: ids sent, expected, outcome. */
    const table: [string, ExpectedRevision, 'appended' | 'repeated' | 'conflict'][] = [
      ['x', 2n, 'appended'],
      ['x', 'noStream', 'conflict'],
      ['x', 0n, 'conflict'],
      ['x', 3n, 'conflict'],
      ['x', 99n, 'conflict'],
      ['A', 'noStream', 'repeated'],
      ['BC', 0n, 'repeated'],
      ['C', 1n, 'repeated'],
      ['ABC', 'noStream', 'repeated'],
      ['AB', 'noStream', 'repeated'],
      ['B', 0n, 'repeated'],
      ['B', 'noStream', 'conflict'],
      ['CB', 0n, 'conflict'],
      ['Bx', 0n, 'conflict'],
      ['BCx', 0n, 'conflict'],
      ['Cx', 1n, 'conflict'],
      ['C', 2n, 'appended'],
    ];

    it.each(table)('%s at %s is %s', async (letters, expected, outcome) => {
      const { log } = target;
      const stream = newRoom().stream('a');
      const [a, b, c, x] = newEvents(4) as [NewEvent, NewEvent, NewEvent, NewEvent];
      const first = mustAppend(await log.append(stream, [a], 'noStream'));
      const second = mustAppend(await log.append(stream, [b, c], 0n));
      const positions = [...first.positions, ...second.positions];
      const byLetter: Record<string, NewEvent> = { A: a, B: b, C: c, x };
      const sent = [...letters].map((letter) => byLetter[letter] as NewEvent);

      const result = await log.append(stream, sent, expected);
      const written = outcome === 'appended' ? sent : [];
      if (outcome === 'conflict') expect(result).toEqual({ outcome: 'conflict', actual: 2n });
      else {
        const { revision, position, repeated, positions: places } = mustAppend(result);
        const start = expected === 'noStream' ? 0 : Number(expected) + 1;
        expect(repeated).toBe(outcome === 'repeated');
        expect(revision).toBe(BigInt(start + sent.length - 1));
        expect(position).toBe(places.at(-1));
        if (repeated) expect(places).toEqual(positions.slice(start, start + sent.length));
      }
      expect(idsOf(await all(log.readStream(stream)))).toEqual(idsOf([a, b, c, ...written]));
    });

    it('answers a conflict without a revision where there is no stream', async () => {
      const stream = newRoom().stream('a');
      expect(await target.log.append(stream, newEvents(1), 0n)).toEqual({
        outcome: 'conflict',
        actual: undefined,
      });
      expect(await target.log.lastRevision(stream)).toBeUndefined();
    });

    it('lets one of two writers win', async () => {
      const stream = newRoom().stream('a');
      const [one, two] = [newEvents(2), newEvents(2)];
      const results = await Promise.all(
        [one, two].map((events) => target.log.append(stream, events, 'noStream')),
      );
      expect(results.map((result) => result.outcome).sort()).toEqual(['appended', 'conflict']);
      expect(results).toContainEqual({ outcome: 'conflict', actual: 1n });
      const winner = results[0]?.outcome === 'appended' ? one : two;
      expect(idsOf(await all(target.log.readStream(stream)))).toEqual(idsOf(winner));
    });

    it('writes once what is sent twice at the same time', async () => {
      const stream = newRoom().stream('a');
      const events = newEvents(3);
      const [one, two] = (
        await Promise.all([1, 2].map(() => target.log.append(stream, events, 'noStream')))
      ).map(mustAppend);
      expect([one?.repeated, two?.repeated].sort()).toEqual([false, true]);
      expect(one?.positions).toEqual(two?.positions);
      expect(await target.log.lastRevision(stream)).toBe(2n);
    });

    it('answers a retry after a restart with the first result, and keeps its id', async () => {
      const stream = newRoom().stream('a');
      const events = newEvents(5);
      const first = mustAppend(await target.log.append(stream, events, 'noStream'));
      mustAppend(await target.log.append(stream, newEvents(5), 4n));
      const { id } = target.log;
      await target.reopen();
      expect(target.log.id).toBe(id);
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(await target.log.append(stream, events, 'noStream')).toEqual({ ...first, repeated: true });
      expect(await target.log.lastRevision(stream)).toBe(9n);
    });
  });

  describe('many at once', () => {
    it('loses none and keeps each stream in order', async () => {
      const room = newRoom();
      const lanes = Array.from({ length: 16 }, (_, lane) => ({
        stream: room.stream(`lane${lane}`),
        ids: [] as string[],
      }));
      const acks = await Promise.all(
        lanes.map(async ({ stream, ids }, lane) => {
          const positions: bigint[] = [];
          let expected: ExpectedRevision = 'noStream';
          for (let i = 0; i < 20; i++) {
            const events = newEvents(1 + ((lane + i) % 5));
            ids.push(...idsOf(events));
            const ack = mustAppend(await target.log.append(stream, events, expected));
            positions.push(...ack.positions);
            expected = ack.revision;
          }
          return positions;
        }),
      );
      for (const [lane, { stream, ids }] of lanes.entries()) {
        const read = await all(target.log.readStream(stream));
        expect(idsOf(read)).toEqual(ids);
        expect(read.map((event) => event.position)).toEqual(acks[lane]);
        expect(read.map((event) => event.revision)).toEqual(ids.map((_, i) => BigInt(i)));
      }
      const every = acks.flat();
      expect(new Set(every).size).toBe(every.length);
    });
  });

  describe('limits', () => {
    const sized = (bytes: number): NewEvent[] =>
      newEvents(1).map((event) => ({ ...event, data: Buffer.alloc(bytes) }));

    it('takes the largest append', async () => {
      const room = newRoom();
      const { length } = newEvents(1)[0]?.metadata as Uint8Array;
      mustAppend(await target.log.append(room.stream('many'), newEvents(MAX_APPEND_EVENTS), 'noStream'));
      mustAppend(await target.log.append(room.stream('big'), sized(MAX_APPEND_BYTES - length), 'noStream'));
      expect(await all(target.log.readStream(room.stream('many')))).toHaveLength(MAX_APPEND_EVENTS);
      expect((await all(target.log.readStream(room.stream('big'))))[0]?.data.length).toBe(
        MAX_APPEND_BYTES - length,
      );
    });

    it('refuses what is beyond them and writes nothing', async () => {
      const { log } = target;
      const stream = newRoom().stream('a');
      const one = newEvents(1)[0] as NewEvent;
      await expect(log.append(stream, newEvents(MAX_APPEND_EVENTS + 1), 'noStream')).rejects.toThrow(
        AppendTooLarge,
      );
      await expect(log.append(stream, sized(MAX_APPEND_BYTES), 'noStream')).rejects.toThrow(AppendTooLarge);
      const invalid: [string, NewEvent[], ExpectedRevision][] = [
        [stream, [], 'noStream'],
        [stream, [{ ...one, type: '$metadata' }], 'noStream'],
        [stream, [{ ...one, type: '' }], 'noStream'],
        [stream, [{ ...one, id: 'not-a-uuid' }], 'noStream'],
        [stream, [{ ...one, id: one.id.replaceAll('-', '') }], 'noStream'],
        [stream, [one], -1n],
        ['', [one], 'noStream'],
        ['$all', [one], 'noStream'],
      ];
      for (const [name, events, expected] of invalid) {
        await expect(log.append(name, events, expected)).rejects.toThrow(InvalidAppend);
      }
      expect(await log.lastRevision(stream)).toBeUndefined();
    });
  });
}

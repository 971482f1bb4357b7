import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from '#kernel';
import { openLmdbEventLog } from './adapters/lmdb/lmdb-event-log.ts';
import { GroupCommitter } from './group-committer.ts';
import type { EventLog, NewEvent } from './event-log.port.ts';

const events = (count: number, bytes = 100): NewEvent[] =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Touchpoint',
    metadata: Buffer.from('{}'),
    data: Buffer.alloc(bytes, 7),
  }));

async function withLog(use: (log: EventLog) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'temas-committer-'));
  const log = await openLmdbEventLog({ path });
  try {
    await use(log);
  } finally {
    await log.close();
    rmSync(path, { recursive: true });
  }
}

async function stored(log: EventLog): Promise<{ stream: string; id: string; position: Position }[]> {
  const rows = [];
  const abort = new AbortController();
  for await (const delivery of log.subscribe({ from: 0n as Position, prefixes: [], signal: abort.signal })) {
    if (delivery.kind === 'event') rows.push(delivery.event);
    if (delivery.kind === 'caughtUp') break;
  }
  return rows;
}

describe('GroupCommitter', () => {
  it('answers each request with the positions of its own events, whatever they were merged with', () =>
    withLog(async (log) => {
      const committer = new GroupCommitter(log, () => Date.UTC(2026, 0, 2));
      const requests = Array.from({ length: 200 }, (_, i) => events(1 + (i % 5)));
      const answers = await Promise.all(
        requests.map((request, i) => committer.commit(`w.s${i % 3}`, request)),
      );
      const placed = new Map((await stored(log)).map(({ id, position }) => [id, position]));
      requests.forEach((request, i) => expect(request.map(({ id }) => placed.get(id))).toEqual(answers[i]));
      expect(placed.size).toBe(requests.flat().length);
    }));

  it('names streams by topic, UTC day and writer, and merges what comes together', () =>
    withLog(async (log) => {
      const committer = new GroupCommitter(log, () => Date.UTC(2026, 0, 2, 23, 59), 1);
      await Promise.all(Array.from({ length: 50 }, () => committer.commit('w.s', events(2))));
      const rows = await stored(log);
      const streams = new Set(rows.map(({ stream }) => stream));
      expect([...streams]).toEqual([expect.stringMatching(/^touchpoint-w\.s\.20260102\.[0-9a-f]{12}$/)]);
      const appends = new Set(rows.map(({ position }) => position / 4096n));
      expect(appends.size).toBeLessThan(10);
    }));

  it('never splits a request that fits an append, and cuts a larger one by count and bytes', () =>
    withLog(async (log) => {
      const committer = new GroupCommitter(log, () => 0, 1);
      const [small, large, heavy] = await Promise.all([
        committer.commit('w.s', events(200)),
        committer.commit('w.s', events(600)),
        committer.commit('w.s', events(30, 30_000)),
      ]);
      const appendsOf = (positions: Position[] | undefined): number =>
        new Set(positions?.map((position) => position / 4096n)).size;
      expect([appendsOf(small), appendsOf(large), appendsOf(heavy)]).toEqual([1, 3, 2]);
    }));

  it('refuses what memory cannot hold, and takes more once it is written', () =>
    withLog(async (log) => {
      const committer = new GroupCommitter(log, () => 0);
      const big = events(40, 1_000_000);
      const first = committer.commit('w.s', big);
      await expect(committer.commit('w.s', big)).rejects.toMatchObject({ code: 'EVENT_LOG.OVERLOADED' });
      await first.catch(() => undefined);
      expect(await committer.commit('w.s', events(1))).toHaveLength(1);
    }));
});

import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDoor, type DoorUnderTest } from './testing/door-under-test.ts';

let under: DoorUnderTest;
beforeAll(async () => {
  under = await startDoor();
  await under.warehouse.command(
    `CREATE TABLE temas_store.arriving (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS
     fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`,
  );
});
afterAll(() => under.close());

const BLOCK = 500;
let block = 0;

/** Inserts blocks one behind the other, each with its token, until told to stop; every tenth twice. */
function arrivals(): { stop(): Promise<{ blocks: number; slowestMs: number }> } {
  let running = true;
  const work = (async () => {
    let blocks = 0;
    let slowestMs = 0;
    while (running) {
      const from = block++ * BLOCK;
      const rows = Array.from({ length: BLOCK }, (_, i) =>
        JSON.stringify([String(from + i), 'x'.repeat(100)]),
      );
      const insert = (): Promise<void> =>
        under.warehouse.insert(
          'temas_store.arriving',
          Buffer.from(`${rows.join('\n')}\n`),
          ['id', 'text'],
          `block-${from}`,
        );
      const since = performance.now();
      await insert();
      slowestMs = Math.max(slowestMs, performance.now() - since);
      if (blocks++ % 10 === 0) await insert();
    }
    return { blocks, slowestMs };
  })();
  return {
    stop: () => {
      running = false;
      return work;
    },
  };
}

async function expectAllOnce(): Promise<void> {
  const rows = await under.warehouse.query(
    'SELECT count() AS n, uniqExact(id) AS ids FROM temas_store.arriving',
  );
  expect(rows).toEqual([{ n: String(block * BLOCK), ids: String(block * BLOCK) }]);
}

/** Readers ask again by themselves; what they ask in the moment of a crash is lost with it. */
async function answersAgain(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const { code, body } = await under.ask('SELECT count() FROM events');
    if (code !== 210) {
      expect(body.toString()).toBe('5\n');
      return;
    }
    await sleep(100);
  }
  throw new Error('the engine did not come back');
}

/** Statements that want more than there is, each in its own way. */
const GREEDY = [
  'SELECT groupArray(number) FROM numbers(2000000000)',
  'SELECT count() FROM (SELECT number AS k, groupArray(toString(number)) FROM numbers(300000000) GROUP BY k) SETTINGS max_execution_time = 5',
  'SELECT count() FROM numbers(30000000) AS a JOIN numbers(300000000) AS b ON a.number = b.number',
  'SELECT arrayMap(x -> toString(x), range(100000000))',
  'SELECT uniqExact(toString(number)), groupUniqArray(sipHash128(number)) FROM numbers(500000000)',
  'SELECT groupArrayArray(range(1000000)) FROM numbers(100000)',
  'SELECT number, count() OVER (ORDER BY sipHash64(number)) FROM numbers(300000000) SETTINGS max_execution_time = 5',
  "SELECT length(groupConcat(repeat('x', 1000000))) FROM numbers(1000000)",
];

/** Statements that go on and on. */
const ENDLESS = [
  'SELECT count() FROM numbers(100000) AS a, numbers(100000) AS b, numbers(100000) AS c WHERE NOT ignore(a.number + b.number)',
  'SELECT sleepEachRow(1) FROM numbers(1000) SETTINGS max_threads = 1',
  'SELECT sum(sipHash64(number)) FROM numbers(10000000000)',
  'SELECT sleepEachRow(3) FROM system.numbers',
].map((sql) =>
  sql.includes('SETTINGS') ? `${sql}, max_execution_time = 3` : `${sql} SETTINGS max_execution_time = 3`,
);

describe('statements of readers beside inserts', () => {
  it('take all memory they can, and die alone', async () => {
    const pid = await under.warehouse.pid();
    const arriving = arrivals();
    const asked = GREEDY.map((body, i) => under.ask({ caller: `reader-${i}`, body }));
    const codes = (await Promise.all(asked)).map(({ code }) => code);
    const { blocks } = await arriving.stop();
    for (const code of codes) expect([241, 159, 158, 128, 69, 131, 396]).toContain(code);
    expect(blocks).toBeGreaterThan(5);
    await expectAllOnce();
    expect(await under.warehouse.pid()).toBe(pid);
    expect((await under.ask('SELECT count() FROM events')).body.toString()).toBe('5\n');
  }, 120_000);

  it('go on for ever until their time is over, and hold up nobody', async () => {
    const arriving = arrivals();
    const asked = ENDLESS.map((body, i) => under.ask({ caller: `reader-${i}`, body }));
    const one = await under.ask({ caller: 'another', body: 'SELECT 1' });
    const answers = await Promise.all(asked);
    await arriving.stop();
    expect(one.body.toString()).toBe('1\n');
    for (const { code } of answers) expect([159, 158, 160]).toContain(code);
    await expectAllOnce();
  }, 60_000);

  it('never stop the process that plans them', async () => {
    const since = performance.now();
    let pings = 0;
    const heavy = under.ask('SELECT arraySum(arraySort(arrayMap(x -> cityHash64(x), range(30000000))))');
    const done = heavy.then(() => true);
    while (!(await Promise.race([done, sleep(20, false)]))) {
      await under.warehouse.query('SELECT 1');
      pings++;
    }
    expect((await heavy).code).toBe(0);
    expect(pings).toBeGreaterThan((performance.now() - since) / 200);
  });
});

describe('an engine that dies', () => {
  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'of %s under load comes back, with every insert there once',
    async (signal) => {
      const arriving = arrivals();
      const asked = ['SELECT sleepEachRow(1) FROM numbers(3)', ENDLESS[0] as string].map((body) =>
        under.ask(body),
      );
      await sleep(500);
      process.kill(await under.warehouse.pid(), signal);
      const lost = await Promise.all(asked);
      await answersAgain();
      await sleep(500);
      await arriving.stop();
      expect(lost.map(({ code }) => code)).toEqual([210, 210]);
      await expectAllOnce();
    },
    60_000,
  );

  it('in the middle of an answer cuts it', async () => {
    const { status, body } = await under.door.handle(
      {
        method: 'POST',
        path: '/sql',
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from("SELECT number, repeat('x', 1000) FROM numbers(1900000) FORMAT JSONEachRow"),
      },
      'default',
    );
    let read = 0;
    const reading = (async () => {
      for await (const chunk of body as Readable) {
        if (read === 0) process.kill(await under.warehouse.pid(), 'SIGKILL');
        read += (chunk as Buffer).length;
      }
    })();
    await expect(reading).rejects.toThrow(/aborted|ECONNRESET/);
    expect([status, read > 0]).toEqual([200, true]);
    await answersAgain();
  });
});

const long = process.env.TEMAS_LONG === '1' ? describe : describe.skip;
long('a statement that hears nothing', () => {
  it('takes the process along 20 s behind its limit; inserts go on in the next one', async () => {
    const arriving = arrivals();
    const deaf =
      'SELECT arrayLevenshteinDistance(range(400000), arrayReverse(range(400000))) SETTINGS max_execution_time = 1';
    const { code } = await under.ask(deaf);
    await answersAgain();
    await arriving.stop();
    expect(code).toBe(210);
    await expectAllOnce();
  }, 60_000);
});

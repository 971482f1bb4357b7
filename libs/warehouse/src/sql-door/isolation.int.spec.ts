import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBusyDoor, type BusyDoor } from './testing/busy-door.ts';
import type { DoorUnderTest } from './testing/door-under-test.ts';

let busy: BusyDoor;
let under: DoorUnderTest;
beforeAll(async () => {
  busy = await startBusyDoor();
  under = busy.under;
});
afterAll(() => under.close());

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
    const arriving = busy.arrivals();
    const asked = GREEDY.map((body, i) => under.ask({ caller: `reader-${i}`, body }));
    const codes = (await Promise.all(asked)).map(({ code }) => code);
    const { blocks } = await arriving.stop();
    for (const code of codes) expect([241, 159, 158, 128, 69, 131, 396]).toContain(code);
    expect(blocks).toBeGreaterThan(5);
    await busy.expectAllOnce();
    expect(await under.warehouse.pid()).toBe(pid);
    expect((await under.ask('SELECT count() FROM events')).body.toString()).toBe('5\n');
  }, 120_000);

  it('go on for ever until their time is over, and hold up nobody', async () => {
    const arriving = busy.arrivals();
    const asked = ENDLESS.map((body, i) => under.ask({ caller: `reader-${i}`, body }));
    const one = await under.ask({ caller: 'another', body: 'SELECT 1' });
    const answers = await Promise.all(asked);
    await arriving.stop();
    expect(one.body.toString()).toBe('1\n');
    for (const { code } of answers) expect([159, 158, 160]).toContain(code);
    await busy.expectAllOnce();
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
      const arriving = busy.arrivals();
      const asked = ['SELECT sleepEachRow(1) FROM numbers(3)', ENDLESS[0] as string].map((body) =>
        under.ask(body),
      );
      await sleep(500);
      process.kill(await under.warehouse.pid(), signal);
      const lost = await Promise.all(asked);
      await busy.answersAgain();
      await sleep(500);
      await arriving.stop();
      expect(lost.map(({ code }) => code)).toEqual([210, 210]);
      await busy.expectAllOnce();
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
    await busy.answersAgain();
  });
});

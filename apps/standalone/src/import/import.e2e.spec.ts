import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilItWorks } from '../../../../test/support/retry.ts';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { KEYS, makeDataDir, TemasProcess } from '../../../../test/support/temas-process.ts';

const CLI = fileURLToPath(new URL('../../../../dist/run/temas.js', import.meta.url));
const CDNOW_MAPPING = fileURLToPath(new URL('./cdnow.mapping.yaml', import.meta.url));
const CDNOW = sharedData('cdnow/CDNOW_sample.txt');
const BATCHES_OF_CDNOW = 7;

/** A command under way. */
class Run {
  printed = '';
  readonly code: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    const add = (chunk: Buffer): void => void (this.printed += chunk.toString('utf8'));
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    this.code = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }
}

/** Stands before Temas at an address that stays, passes requests on and may keep their answers. */
class Gate {
  target = '';
  /** Answers that are passed on before the rest is kept; each is stored by then. */
  answers = Infinity;
  /** Requests that get 503, and then as many that are cut off after they were stored. */
  faults = 0;
  #open: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    void (async () => {
      const body: Buffer[] = [];
      for await (const chunk of request) body.push(chunk as Buffer);
      const fault = this.faults > 0 ? this.faults-- : 0;
      if (fault > 0 && fault % 2 === 0) return response.writeHead(503, { 'retry-after': '0' }).end('{}');
      const answer = await fetch(this.target + (request.url ?? ''), {
        method: 'POST',
        headers: { authorization: request.headers.authorization ?? '' },
        body: Buffer.concat(body),
      });
      const text = await answer.text();
      if (fault > 0) return response.destroy();
      if (this.answers-- <= 0) await new Promise<void>((resolve) => this.#open.push(resolve));
      return response.writeHead(answer.status).end(text);
    })().catch(() => response.destroy());
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  release(): void {
    this.answers = Infinity;
    for (const open of this.#open.splice(0)) open();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('temas import', () => {
  const data = makeDataDir();
  const folder = mkdtempSync(join(tmpdir(), 'temas-import-e2e-'));
  const gate = new Gate();
  let url: string;
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    gate.target = temas.url;
    url = await gate.listen();
  }, 60_000);

  afterAll(async () => {
    gate.close();
    await temas.stop();
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    gate.faults = 0;
    gate.release();
  });

  function start(...args: string[]): Run {
    const env = { ...process.env, NODE_OPTIONS: '', TEMAS_DATA_DIR: data.path, TEMAS_WRITE_KEY: KEYS.write };
    return new Run(spawn(process.execPath, [CLI, 'import', '--url', url, ...args], { env, cwd: folder }));
  }

  async function run(...args: string[]): Promise<{ code: number | null; printed: string }> {
    const started = start(...args);
    return { code: await started.code, printed: started.printed };
  }

  function write(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }

  /** Asks when everything that was sent before has reached the tables. */
  async function ask<T>(sql: string): Promise<T[]> {
    const { body } = await temas.send('track', { event: 'Marker', userId: 'marker' });
    return temas.sql<T>(sql, body.position);
  }

  (CDNOW ? describe : describe.skip)('of CDNOW', () => {
    const file = join(folder, 'CDNOW_sample.txt');
    const progress = `${file}.temas-import.json`;
    const TOTALS = { orders: '6919', ids: '6919', people: '2357', revenue: '244091.94' };

    beforeAll(() => copyFileSync(CDNOW as string, file));

    async function expectTotals(): Promise<void> {
      const [row] = await ask(
        `SELECT count() AS orders, uniqExact(profile_id) AS people, toString(sum(net)) AS revenue,
                (SELECT uniqExact(event_id) FROM events WHERE event = 'Order Completed') AS ids
         FROM orders`,
      );
      expect(row).toEqual(TOTALS);
    }

    const importing = (): Run => start(file, '--map', CDNOW_MAPPING);

    function reachedLine(): number {
      return (JSON.parse(readFileSync(progress, 'utf8')) as { tally: { line: number } }).tally.line;
    }

    /** Lets four answers through: at least the first batch is settled then, and stored ones are unanswered. */
    async function importedHalf(): Promise<Run> {
      gate.answers = 4;
      const half = importing();
      await untilItWorks(async () => expect(reachedLine()).toBeGreaterThan(0), 20_000);
      return half;
    }

    it('goes on after Ctrl-C', async () => {
      const half = await importedHalf();
      half.child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 100));
      gate.release();
      expect(await half.code).toBe(130);
      expect(half.printed).toContain('interrupted');
      const line = reachedLine();
      expect(line).toBeLessThan(BATCHES_OF_CDNOW * 1000);
      const rest = importing();
      expect(await rest.code).toBe(0);
      expect(rest.printed).toContain(`going on after line ${line.toLocaleString('en-US')}`);
      expect(rest.printed).toContain('6,919 read, 6,919 stored, 0 rejected');
      expect(existsSync(progress)).toBe(false);
      await expectTotals();
    }, 120_000);

    it('changes nothing when it is repeated, also by a collector that remembers nothing', async () => {
      await temas.kill();
      temas = await TemasProcess.start(data.path);
      gate.target = temas.url;
      const again = importing();
      expect(await again.code).toBe(0);
      expect(again.printed).not.toContain('going on');
      await expectTotals();
    }, 120_000);

    it('goes on after kill -9, with requests that were stored and not answered', async () => {
      const half = await importedHalf();
      half.child.kill('SIGKILL');
      await half.code;
      gate.release();
      const rest = importing();
      expect(await rest.code).toBe(0);
      expect(rest.printed).toMatch(/going on after line [1-9]/);
      expect(rest.printed).toContain('6,919 read, 6,919 stored, 0 rejected');
      await expectTotals();
    }, 120_000);

    it('sends again what was refused for the moment or cut off', async () => {
      gate.release();
      gate.faults = 4;
      const disturbed = importing();
      expect(await disturbed.code).toBe(0);
      expect(disturbed.printed).toContain('trying again');
      expect(disturbed.printed).toContain('6,919 read, 6,919 stored, 0 rejected');
      await expectTotals();
    }, 120_000);

    it('shows ten touchpoints in a dry run and sends none', async () => {
      gate.target = 'http://127.0.0.1:9';
      const { code, printed } = await run(file, '--map', CDNOW_MAPPING, '--dry-run');
      gate.target = temas.url;
      expect(code).toBe(0);
      expect(printed.match(/^line \d+: \{$/gm)).toHaveLength(10);
      expect(printed).toContain('"order_id": "cdnow-10"');
      expect(existsSync(progress)).toBe(false);
    }, 30_000);
  });

  describe('of a file with bad rows', () => {
    const mapping = `
format: csv
header: true
delimiter: ';'
encoding: windows-1254
touchpoint:
  type: track
  event: Imported
  userId: '{id}'
  timestamp: { from: when, as: date, format: '%d.%m.%Y' }
  properties: { note: '{note}', total: { from: total, as: decimal, comma: true } }
`;

    it('writes them to a file once, with line and reason, also over an interruption', async () => {
      const map = write('bad.yaml', mapping);
      const good = Array.from({ length: 4_500 }, (_, i) => `p${i};01.02.2020;1.234,50;x`);
      const rows = [
        'id;when;total;note',
        'a;31.02.2020;1,00;no such day',
        'b;01.02.2020;1.00;no comma',
        ';01.02.2020;1,00;nobody',
        'c;01.02.2999;1,00;the future',
        'd;01.02.2020;1,00;"two',
        'lines, "" and ; too"',
        'e;01.02.2020',
        'f;01.02.2020;1,00;twice',
        'f;01.02.2020;1,00;twice',
        ...good,
        'g;;1,00;no day',
        '',
      ];
      const file = write('bad.csv', '');
      writeFileSync(file, Buffer.from(rows.join('\r\n'), 'latin1'));
      gate.answers = 4;
      const half = start(file, '--map', map);
      await untilItWorks(async () => expect(existsSync(`${file}.rejects.ndjson`)).toBe(true), 20_000);
      half.child.kill('SIGKILL');
      await half.code;
      gate.release();
      const { code, printed } = await run(file, '--map', map);
      expect(code).toBe(3);
      expect(printed).toContain('4,509 read, 4,503 stored, 6 rejected');
      const rejects = `${file}.rejects.ndjson`;
      expect(statSync(rejects).mode & 0o777).toBe(0o600);
      const lines = readFileSync(rejects, 'utf8').trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { line: 2, field: 'timestamp', record: { id: 'a' } },
        { line: 3, field: 'properties.total', record: { id: 'b' } },
        { line: 4, reason: expect.stringMatching(/^no_identifier/) },
        { line: 5, reason: expect.stringMatching(/^timestamp_in_future/) },
        { line: 8, reason: 'has 2 values for 4 columns', record: 'e;01.02.2020' },
        { line: 4511, field: 'timestamp', reason: 'is empty' },
      ]);
      const found = await ask<{ user_id: string; note: string; total: string; n: string }>(
        `SELECT user_id, JSONExtractString(properties, 'note') AS note,
                JSONExtractString(properties, 'total') AS total, count() AS n
         FROM events WHERE event = 'Imported' AND user_id IN ('d', 'f', 'p7') GROUP BY ALL ORDER BY user_id`,
      );
      expect(found).toEqual([
        { user_id: 'd', note: 'two\r\nlines, " and ; too', total: '1.00', n: '1' },
        { user_id: 'f', note: 'twice', total: '1.00', n: '2' },
        { user_id: 'p7', note: 'x', total: '1234.50', n: '1' },
      ]);
    }, 120_000);

    it('says that it begins anew when the mapping has changed', async () => {
      const file = write('new.csv', `id;when;total;note\n${'a;01.02.2020;1,00;\n'.repeat(6_000)}`);
      const map = write('new.yaml', mapping);
      gate.answers = 4;
      const half = start(file, '--map', map);
      const progress = `${file}.temas-import.json`;
      await untilItWorks(async () => expect(readFileSync(progress, 'utf8')).toMatch(/"line": [1-9]/), 20_000);
      half.child.kill('SIGKILL');
      await half.code;
      gate.release();
      write('new.yaml', `${mapping}  name: other\n`);
      const { code, printed } = await run(file, '--map', map);
      expect(code).toBe(0);
      expect(printed).toContain('beginning anew: the mapping changed');
      expect(printed).toContain('6,000 read');
    }, 60_000);
  });

  it.each([
    [[], 'name one file'],
    [['here.csv'], '--map is missing'],
    [['none.csv', '--map', 'none.yaml'], 'none.csv is not a file'],
    [['--colour'], "Unknown option '--colour'"],
  ])('answers 2 to the call %j', async (args, message) => {
    const { code, printed } = await run(...args);
    expect({ code, printed }).toEqual({ code: 2, printed: expect.stringContaining(message) });
    expect(printed).toContain('Usage: temas import');
  });

  it('answers 2 to a mapping that names columns which are not there', async () => {
    const map = write(
      'm.yaml',
      '{ format: csv, header: true, touchpoint: { type: identify, userId: "{Id}" } }',
    );
    const { code, printed } = await run(write('m.csv', 'id,name\n1,2\n'), '--map', map);
    expect({ code, printed }).toEqual({
      code: 2,
      printed: expect.stringContaining('touchpoint.userId: there is no column "Id"; the file has id, name'),
    });
  });

  it('answers 1 where the key is wrong or nobody answers', async () => {
    const map = write('k.yaml', '{ format: ndjson, touchpoint: { type: identify, userId: "{id}" } }');
    const file = write('k.ndjson', '{"id":"k1"}\n');
    const wrong = await run(file, '--map', map, '--key', 'some-other-key-0123456789');
    expect(wrong).toMatchObject({ code: 1, printed: expect.stringContaining('status 401') });
    gate.close();
    const nobody = await run(file, '--map', map);
    expect(nobody).toMatchObject({ code: 1, printed: expect.stringContaining('start it first') });
  });
});

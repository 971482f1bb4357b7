import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const HUNGRY = [
  'SELECT groupArray(number) FROM numbers(2000000000)',
  'SELECT count() FROM numbers(300000) AS a, numbers(300000) AS b WHERE a.number * b.number % 7 = 3',
  `SELECT length(arrayStringConcat(groupArray(repeat('x', 1000)))) FROM numbers(50000000)`,
  'SELECT uniqExact(number, rand64()) FROM numbers(3000000000)',
];

const BATCHES = 60;
const PER_BATCH = 20;

/** Process ids of engines that hold this data directory. */
function enginesOf(dataDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes(join(dataDir, 'clickhouse'));
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('an analyst who asks for everything while touchpoints arrive', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function ask(query: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`${temas.url}/sql?max_execution_time=5`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.analyst}` },
      body: query,
    });
    return { status: response.status, text: await response.text().catch(() => 'cut') };
  }

  async function sendAll(prefix: string): Promise<string> {
    let last = '0';
    for (let i = 0; i < BATCHES; i++) {
      const batch = Array.from({ length: PER_BATCH }, (_, j) => ({
        type: 'track',
        event: prefix,
        userId: `user-${j}`,
        messageId: `${prefix}-${i}-${j}`,
      }));
      const { status, body } = await temas.send('batch', { batch });
      expect(status).toBe(200);
      last = body.position as string;
    }
    return last;
  }

  async function expectAll(event: string, after: string): Promise<void> {
    const [row] = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE event = '${event}'`,
      after,
    );
    expect(row?.n).toBe(String(BATCHES * PER_BATCH));
  }

  it('dies alone: touchpoints and profiles go on, nothing is lost', async () => {
    const asked = Promise.all([...HUNGRY, ...HUNGRY].map(ask));
    const last = await sendAll('hungry');
    const { status } = await temas.get(`/v1/profiles/lookup?namespace=user_id&value=user-1&after=${last}`);
    expect(status).toBe(200);
    for (const { status, text } of await asked) {
      expect([200, 400, 408, 500, 503]).toContain(status);
      if (status !== 200) expect(text).toMatch(/Code: \d+\. DB::Exception/);
    }
    await expectAll('hungry', last);
  }, 120_000);

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux(
    'comes back by itself when the engine is killed, with every row once',
    async () => {
      const sending = sendAll('killed');
      const [engine] = enginesOf(data.path);
      expect(engine).toBeDefined();
      process.kill(engine as number, 'SIGKILL');
      await expectAll('killed', await sending);
      expect(enginesOf(data.path)).toHaveLength(1);
      expect(enginesOf(data.path)).not.toContain(engine);
    },
    120_000,
  );
});

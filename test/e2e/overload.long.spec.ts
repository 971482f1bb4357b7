import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { untilItWorks } from '../support/retry.ts';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const MINUTE = 60_000;
const AUTHORIZATION = `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}`;
/** Connections that the clients hold open; beyond them the load is theirs to drop. */
const MOST_OPEN = 6_000;

interface Load {
  readonly acknowledged: number;
  readonly later: number;
  readonly unpromised: number;
}

/** Fires single events at a rate, whatever comes back, from `most` connections at most. */
async function fire(url: string, name: string, rate: number, seconds: number, most: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: most, maxFreeSockets: most });
  const counts = { acknowledged: 0, later: 0, unpromised: 0 };
  let open = 0;
  const send = (n: number): void => {
    const body = JSON.stringify({
      userId: `u${n % 5_000}`,
      messageId: `${name}-${n}`,
      event: 'Load',
      properties: { text: 'x'.repeat(300) },
    });
    open++;
    const headers = { authorization: AUTHORIZATION, 'content-length': body.length };
    const call = request(`${url}/v1/track`, { method: 'POST', agent, headers }, (response) => {
      if (response.statusCode === 200) counts.acknowledged++;
      else if ([429, 503].includes(response.statusCode ?? 0) && response.headers['retry-after'])
        counts.later++;
      else counts.unpromised++;
      response.resume().once('close', () => open--);
    });
    call.once('error', () => {
      counts.unpromised++;
      open--;
    });
    call.end(body);
  };
  const started = performance.now();
  for (let n = 0; performance.now() - started < seconds * 1_000;) {
    const due = ((performance.now() - started) / 1_000) * rate;
    while (n < due && open < most) send(n++);
    await pause(5);
  }
  while (open > 0) await pause(50);
  agent.destroy();
  return counts;
}

describe('three times the capacity for a minute', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it(
    'turns away what it cannot take, loses nothing that it promised, and stays small',
    async () => {
      const trial = await fire(temas.url, 'trial', 1_000_000, 5, 200);
      const capacity = trial.acknowledged / 5;
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, residentBytes(temas.pid))), 500);
      const load = await fire(temas.url, 'load', 3 * capacity, 60, MOST_OPEN);
      clearInterval(watch);
      process.stdout.write(
        `capacity ${Math.round(capacity)}/s; at 3 times: ${JSON.stringify(load)}, at most ${Math.round(most / 2 ** 20)} MiB\n`,
      );
      expect(load.unpromised).toBe(0);
      expect(load.acknowledged).toBeGreaterThan(0);
      expect(most).toBeLessThan(1.5 * 2 ** 30);

      const { body } = await temas.send('track', { userId: 'after', event: 'Calm' });
      await untilItWorks(async () => {
        const [row] = await temas.sql<{ events: string; ids: string }>(
          `SELECT toString(count()) AS events, toString(uniqExact(message_id)) AS ids
           FROM events WHERE startsWith(message_id, 'load-')`,
          body.position,
        );
        expect(row?.events).toBe(row?.ids);
        // Stored without an answer is allowed: its client would send it again.
        expect(Number(row?.events)).toBeGreaterThanOrEqual(load.acknowledged);
      }, 5 * MINUTE);
    },
    10 * MINUTE,
  );
});

/** Bytes of memory that a process holds; 0 where the system does not tell. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

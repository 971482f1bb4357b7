import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

/** A server under load, in a process of its own; ends when `close` is called. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one of the programs beside this file and waits for its address. */
export async function serve(program: string, ...args: string[]): Promise<Served> {
  const entry = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--max-semi-space-size=64', entry, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return {
    url: line.toString('utf8').trim(),
    async close() {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}

/** What a run of the load generator gave. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Sends every body once over some connections and counts answers a second, up to the last answer: the generator
 * itself ends only at its next full second. Any other answer than 200 fails.
 */
export async function load(url: string, bodies: readonly Buffer[], connections: number): Promise<LoadResult> {
  const share = Math.floor(bodies.length / connections);
  let next = 0;
  const started = performance.now();
  let last = started;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections,
        amount: share * connections,
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('bench-write-key:').toString('base64')}` },
        setupClient(client) {
          const own = bodies.slice(next, (next += share));
          client.setRequests(own.map((body) => ({ method: 'POST', body })) as never);
        },
      },
      (error: unknown, ended) => (error instanceof Error ? reject(error) : resolve(ended)),
    );
    run.on('response', () => (last = performance.now()));
  });
  const seconds = (last - started) / 1000;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} bad answers, ${result.errors} errors`);
  return { perSecond: (share * connections) / seconds, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}

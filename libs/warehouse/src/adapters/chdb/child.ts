import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WarehouseUnavailable } from '../../errors.ts';
import type { WarehouseEndpoint } from '../../warehouse.port.ts';
import { killOnCrash } from './crash-watch.ts';

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running engine process. */
export interface Child {
  readonly endpoint: WarehouseEndpoint;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<ChildExit>;
  /** Asks it to end by closing its standard input, and waits. */
  stop(): Promise<void>;
}

/** A start replays the directory: seconds for large ones, 10 more if another process still holds the lock. */
const START_TIMEOUT_MS = 60_000;
/** A child that is asked ends within 4 s of its own; beyond that it hangs. */
const STOP_TIMEOUT_MS = 8_000;

/**
 * Starts an engine process on a directory and waits until it answers. Its environment holds only what it needs:
 * the parent's has keys in it. Throws `WarehouseUnavailable` with the engine's last words if it does not come up.
 */
export async function startChild(path: string, log: (line: string) => void): Promise<Child> {
  const pipes = await mkdtemp(join(tmpdir(), 'temas-results-'));
  const child = spawn(process.execPath, ['--enable-source-maps', entry(), '--path', path, '--pipes', pipes], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
  });
  const exited = new Promise<ChildExit>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const crashes = killOnCrash(child.pid ?? 0);
  const cleared = exited.then(() => {
    crashes.stop();
    return rm(pipes, { recursive: true, force: true });
  });
  let lastWords = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastWords = `${lastWords}\n${line}`.slice(-2_000);
    log(line);
  });
  // A child that dies before it reads takes its pipe along; its exit is what tells.
  child.stdin.on('error', () => undefined);
  const password = randomBytes(24).toString('hex');
  child.stdin.write(`${password}\n`);
  const port = await firstPort(child, exited);
  if (port === undefined) {
    child.kill('SIGKILL');
    throw new WarehouseUnavailable(`the warehouse engine did not start on its directory:${lastWords}`);
  }
  return {
    endpoint: { url: `http://127.0.0.1:${port}`, user: 'default', password },
    pid: child.pid as number,
    exited,
    stop: () => stop(child, cleared),
  };
}

async function firstPort(child: ChildProcess, exited: Promise<ChildExit>): Promise<number | undefined> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let timer: NodeJS.Timeout | undefined;
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    exited.then(() => undefined),
    new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), START_TIMEOUT_MS);
    }),
  ]);
  clearTimeout(timer);
  return line === undefined ? undefined : (JSON.parse(line) as { port: number }).port;
}

async function stop(child: ChildProcess, cleared: Promise<void>): Promise<void> {
  child.stdin?.end('stop\n');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await cleared;
  clearTimeout(timer);
}

/** The pool size counts only in the real environment, at spawn; the engine's zone is the process's. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { TZ: 'UTC', UV_THREADPOOL_SIZE: '16' };
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return env;
}

/** Node 20 runs no TypeScript: under the tests, which run the sources, the child is that of the last build. */
function entry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? '../../../../../dist/run/warehouse-engine.js'
    : '../../../../../run/warehouse-engine.js';
  return fileURLToPath(new URL(built, import.meta.url));
}

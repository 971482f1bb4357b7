import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../..' : '../../../..', import.meta.url),
);
const PROGRAM = join(ROOT, 'dist/run/warehouse-engine.js');
/** That of the engine's own user: dictionaries read their tables as the user of the URL. */
const PASSWORD = '';

/**
 * Stands in for a ClickHouse server: the real engine behind its HTTP interface, in a process of its own on a port that
 * stays the same. It has one user and knows no grants.
 */
export class ClickHouseStandIn {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly port: number,
  ) {}

  /** Starts one on an empty directory. */
  static async start(): Promise<ClickHouseStandIn> {
    const server = new ClickHouseStandIn(mkdtempSync(join(tmpdir(), 'temas-clickhouse-')), await freePort());
    await server.restart();
    return server;
  }

  /** How it is reached. */
  get url(): string {
    return `http://default:${PASSWORD}@127.0.0.1:${this.port}`;
  }

  /** Starts it again; answers once it takes statements. */
  async restart(): Promise<void> {
    const pipes = join(this.directory, 'pipes');
    rmSync(pipes, { recursive: true, force: true });
    mkdirSync(pipes);
    const args = ['--path', join(this.directory, 'data'), '--pipes', pipes, '--port', String(this.port)];
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
    });
    this.#child = child;
    child.stdin.write(`${PASSWORD}\n`);
    const ended = once(child, 'exit').then(() => {
      throw new Error('the engine does not start');
    });
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
    ended.catch(() => undefined);
  }

  /** Ends it as a power switch would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Ends it and removes what it stored. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

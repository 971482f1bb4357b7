import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYS } from '../temas-process.ts';
import { freePort } from './free-port.ts';

const ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../..' : '../../../..', import.meta.url),
);

/** One of the processes that Temas is run as beside servers. */
export type ServiceName = 'collector' | 'projector' | 'api';

/** A process of the built code on a port of its own, that can be killed and started again. */
export class TemasService {
  #child: ChildProcess | undefined;
  #printed = '';

  private constructor(
    readonly name: ServiceName,
    private readonly port: number,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Starts one; answers once it serves. */
  static async start(name: ServiceName, env: NodeJS.ProcessEnv): Promise<TemasService> {
    const service = new TemasService(name, await freePort(), env);
    await service.restart();
    return service;
  }

  /** Where it answers. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Id of the process that runs now. */
  get pid(): number {
    return this.#child?.pid as number;
  }

  /** What it printed last. */
  get printed(): string {
    return this.#printed;
  }

  /** Starts it again; answers once it serves. Throws with its last words if it ends before. */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, 'dist/run', `${this.name}.js`)], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        TEMAS_PORT: String(this.port),
        TEMAS_WRITE_KEY: KEYS.write,
        TEMAS_ADMIN_KEY: KEYS.admin,
        TEMAS_ANALYST_KEY: KEYS.analyst,
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#printed = (this.#printed + chunk.toString('utf8')).slice(-40_000);
        if (chunk.toString('utf8').includes('serving')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => reject(new Error(`the ${this.name} did not start:\n${this.#printed}`)));
    });
  }

  /** Stops it where it stands, as a hanging machine does; `SIGCONT` lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Ends it as a power switch would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it as an operator would. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** What it says of its readiness, with the status. */
  async readiness(): Promise<Record<string, unknown> & { readonly status: number }> {
    const response = await fetch(`${this.url}/readyz`);
    return { ...((await response.json()) as object), status: response.status };
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  }
}

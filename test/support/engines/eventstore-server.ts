import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { untilItWorks } from '../retry.ts';

/** True if tests can start an EventStoreDB of their own: `EVENTSTORE_COMMAND` names the program. */
export function eventStoreStartable(): boolean {
  return Boolean(process.env['EVENTSTORE_COMMAND']);
}

/** An EventStoreDB of the program in `EVENTSTORE_COMMAND`, called with a directory and a port; insecure. */
export class EventStoreServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly port: number,
  ) {}

  /** Starts one on an empty directory. */
  static async start(): Promise<EventStoreServer> {
    const server = new EventStoreServer(mkdtempSync(join(tmpdir(), 'temas-eventstore-')), await freePort());
    await server.restart();
    return server;
  }

  /** How it is reached. */
  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Starts it again; answers once its port is open. */
  async restart(): Promise<void> {
    this.#child = spawn(process.env['EVENTSTORE_COMMAND'] as string, [this.directory, String(this.port)], {
      stdio: 'ignore',
    });
    await untilItWorks(() => reached(this.port));
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

async function reached(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

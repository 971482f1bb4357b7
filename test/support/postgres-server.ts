import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const PACKAGES = '/usr/lib/postgresql';
const START_MS = 60_000;
const POLL_MS = 50;

/** A PostgreSQL that tests may use. `server` is there where it is one of their own, to be killed and restarted. */
export interface ReachedPostgres {
  readonly url: string;
  readonly server?: PostgresServer;
  stop(): Promise<void>;
}

/** True if tests can reach a PostgreSQL: `POSTGRES_URL`, else the programs of Debian's package. */
export function postgresReachable(): boolean {
  return Boolean(process.env.POSTGRES_URL) || findPrograms() !== undefined;
}

/** True if tests can start, kill and restart a server of their own. */
export function postgresStartable(): boolean {
  return findPrograms() !== undefined;
}

/** Says in one line what a run leaves unchecked because there is no PostgreSQL. */
export function saySkipped(what: string): void {
  process.stderr.write(`\nNOT CHECKED: ${what}: no POSTGRES_URL, and no Debian package postgresql\n\n`);
}

/** The server of `POSTGRES_URL`, else a throw-away one. */
export async function reachPostgres(): Promise<ReachedPostgres> {
  const { POSTGRES_URL: url } = process.env;
  if (url) return { url, stop: async () => undefined };
  const server = await PostgresServer.start();
  return { url: server.url, server, stop: () => server.stop() };
}

/** A name for a schema that no other test uses. */
export function freshSchema(): string {
  return `t${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
}

/** Runs statements on a connection of their own. */
export async function onPostgres<R extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A throw-away cluster of Debian's packages on a free port of the loopback, with fsync as in production. */
export class PostgresServer {
  #child: ChildProcess | undefined;
  readonly #endWithUs = (): void => this.#killAll();

  private constructor(
    private readonly programs: string,
    /** Directory of the cluster. */
    readonly directory: string,
    readonly port: number,
  ) {}

  /** Makes a cluster and starts it. Throws where Debian's package is not installed. */
  static async start(): Promise<PostgresServer> {
    const programs = findPrograms();
    if (programs === undefined) throw new Error('the Debian package postgresql is not installed');
    const directory = mkdtempSync(join(tmpdir(), 'temas-postgres-'));
    const owner = ownerOfServers();
    if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
    const made = spawnSync(
      join(programs, 'initdb'),
      [
        '-D',
        join(directory, 'data'),
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...owner, cwd: directory, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const server = new PostgresServer(programs, directory, await freePort());
    process.once('exit', server.#endWithUs);
    await server.restart();
    return server;
  }

  /** How it is reached. */
  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts it again, after a kill or a stop; answers once it takes statements. */
  async restart(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      `unix_socket_directories=${this.directory}`,
      'fsync=on',
      'max_connections=100',
      'shared_buffers=128MB',
    ];
    const child = spawn(
      join(this.programs, 'postgres'),
      ['-D', join(this.directory, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
      { ...ownerOfServers(), cwd: this.directory, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    const giveUpAt = Date.now() + START_MS;
    for (;;) {
      const up = await onPostgres(this.url, 'SELECT 1').then(
        () => true,
        () => false,
      );
      if (up) return;
      if (child.exitCode !== null || Date.now() > giveUpAt)
        throw new Error(`PostgreSQL does not start:\n${said}`);
      await pause(POLL_MS);
    }
  }

  /** Ends every process of the server as a power switch would. */
  async kill(): Promise<void> {
    const ended = this.#ended();
    this.#killAll();
    await ended;
  }

  /** Ends it at once but cleanly, and removes the cluster. */
  async stop(): Promise<void> {
    const ended = this.#ended();
    this.#child?.kill('SIGINT');
    await ended;
    process.removeListener('exit', this.#endWithUs);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }

  #killAll(): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#child?.exitCode !== null) return;
    // The children are listed before their parent goes: they are in process groups of their own.
    for (const each of [...childrenOf(pid), pid]) {
      try {
        process.kill(each, 'SIGKILL');
      } catch {
        // Gone by itself meanwhile.
      }
    }
  }
}

function findPrograms(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined;
  const versions = readdirSync(PACKAGES).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(PACKAGES, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** The server refuses to run as root; Debian's package makes a user for it. */
function ownerOfServers(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  if (line === undefined) throw new Error('there is no user postgres to run the server as');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

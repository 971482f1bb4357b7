import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
const CLI = join(ROOT, 'dist/run/temas.js');
const KILL_HOOK = join(ROOT, 'dist/test/support/kill-at.js');

/** Keys that every test process is started with; the master key is generated in its data directory. */
export const KEYS = {
  write: 'test-write-key-0123456789',
  admin: 'test-admin-key-0123456789',
  analyst: 'test-analyst-key-0123456789',
} as const;

/** A fresh data directory, and its removal. */
export function makeDataDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'temas-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A JSON answer of the front door. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** What an ingest call answers. */
export interface IngestAnswer {
  readonly success: boolean;
  readonly position?: string;
  readonly errors?: readonly { index: number; code: string; field: string; message: string }[];
  readonly warnings?: readonly { index: number; code: string; field: string }[];
}

/** Temas as its users run it: a process of the built code behind a port of its own. */
export class TemasProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly exited: Promise<void>,
    private readonly output: () => string,
  ) {}

  /**
   * Starts on a data directory; `killAt` ends the process at the nth arrival at a fault point, `eager` does not wait
   * for the projections.
   */
  static async start(
    dataDir: string,
    options: { killAt?: string; env?: NodeJS.ProcessEnv; eager?: boolean } = {},
  ): Promise<TemasProcess> {
    const hook = options.killAt === undefined ? [] : ['--import', KILL_HOOK];
    const child = spawn(process.execPath, [...hook, CLI, 'start'], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        TEMAS_PORT: '0',
        TEMAS_DATA_DIR: dataDir,
        TEMAS_WRITE_KEY: KEYS.write,
        TEMAS_ADMIN_KEY: KEYS.admin,
        TEMAS_ANALYST_KEY: KEYS.analyst,
        TEMAS_TEST_KILL_AT: options.killAt ?? '',
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        text = (text + chunk.toString('utf8')).slice(-20_000);
        const served = /Temas serves (http:\S+)/.exec(text)?.[1];
        if (served && (options.eager || text.includes('projections follow the log'))) resolve(served);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void exited.then(() => reject(new Error(`Temas did not start:\n${text}`)));
    });
    return new TemasProcess(child, url, exited, () => text);
  }

  /** Id of the process. */
  get pid(): number {
    return this.child.pid as number;
  }

  /** What the process printed last. */
  get printed(): string {
    return this.output();
  }

  /** Ends it as a power switch would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }

  /** Posts to an ingest path with the write key. */
  async send(path: string, body: unknown): Promise<Answer<IngestAnswer>> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as IngestAnswer };
  }

  /** Posts to an ingest path with another key, and any header. */
  async sendWith(
    writeKey: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<IngestAnswer> & { readonly headers: Headers }> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`, ...headers },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as IngestAnswer,
    };
  }

  /** Calls the API with the admin key. */
  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${KEYS.admin}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** Asks the API with the admin key. */
  async get<T>(path: string): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${KEYS.admin}` },
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Runs one SELECT through the SQL door with the analyst key. */
  async sql<T>(query: string, after?: string): Promise<T[]> {
    const search = new URLSearchParams({
      default_format: 'JSONEachRow',
      ...(after ? { after, wait: '60' } : {}),
    });
    const response = await fetch(`${this.url}/sql?${search.toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.analyst}` },
      body: query,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`SQL door: ${response.status} ${text}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }
}

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { untilItWorks } from './retry.ts';
import { KEYS, makeDataDir, TemasProcess } from './temas-process.ts';
import { TrackerSite } from './tracker-site.ts';

/** A row of `events` that a page of the test site caused. */
export interface Seen {
  readonly kind: string;
  readonly event: string;
  readonly path: string;
  readonly referrer: string;
  readonly anonymous_id: string;
  readonly user_id: string;
  readonly profile_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>> & {
    readonly temas: { readonly page: string; readonly seq: number; readonly session: string };
  };
  readonly at: number;
}

/** Temas, a site with the tracker, and Chromium. */
export class TrackerWorld {
  readonly #data = makeDataDir();
  readonly #contexts: BrowserContext[] = [];
  temas!: TemasProcess;
  site!: TrackerSite;
  browser!: Browser;
  #port = '';

  /**
   * Starts everything; Chromium keeps pages that were left, as it does for its users, and finds every host under
   * `.example` here.
   */
  static async start(executablePath: string): Promise<TrackerWorld> {
    const world = new TrackerWorld();
    world.#port = await freePort();
    [world.temas, world.site, world.browser] = await Promise.all([
      world.#startTemas(),
      TrackerSite.start(),
      chromium.launch({
        executablePath,
        chromiumSandbox: process.getuid?.() !== 0,
        ignoreDefaultArgs: ['--disable-back-forward-cache'],
        args: ['--host-resolver-rules=MAP *.example 127.0.0.1'],
      }),
    ]);
    return world;
  }

  #startTemas(): Promise<TemasProcess> {
    return TemasProcess.start(this.#data.path, { env: { TEMAS_PORT: this.#port } });
  }

  /** Starts Temas again after a kill, at the same address. */
  async revive(): Promise<void> {
    this.temas = await this.#startTemas();
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.site?.stop();
    await this.temas?.stop();
    this.#data.remove();
  }

  /** Options of a page that sends to this Temas. */
  options(more: object = {}): Record<string, unknown> {
    return { key: KEYS.write, host: this.temas.url, ...more };
  }

  /** A visitor: a browser profile of its own. */
  async visitor(): Promise<BrowserContext> {
    const context = await this.browser.newContext();
    this.#contexts.push(context);
    return context;
  }

  /** Closes the visitors of a test. */
  async leave(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  /** What pages under a path sent, in the order of their calls; of the site under any of its names. */
  async seen(path: string): Promise<Seen[]> {
    const rows = await this.temas.sql<Record<string, string>>(
      `SELECT kind, event, path, referrer, anonymous_id, user_id, profile_id, properties, traits, context,
              toUnixTimestamp64Milli(occurred_at) AS at
       FROM events WHERE startsWith(path, '${path}') ORDER BY occurred_at, batch_index`,
    );
    return rows.map(
      ({ properties = '', traits = '', context = '', at, ...row }) =>
        ({
          ...row,
          at: Number(at),
          properties: JSON.parse(properties) as unknown,
          traits: JSON.parse(traits) as unknown,
          context: JSON.parse(context) as unknown,
        }) as unknown as Seen,
    );
  }

  /** Waits until pages under a path have sent as many rows, and gives them. */
  async arrived(path: string, count: number): Promise<Seen[]> {
    return untilItWorks(async () => {
      // Counted first: a thousand rows, ten times a second, would be most of what the machine does.
      const [found] = await this.temas.sql<{ n: string }>(
        `SELECT count() AS n FROM events WHERE startsWith(path, '${path}')`,
      );
      if (Number(found?.n) >= count) return this.seen(path);
      throw new Error(`${found?.n} of ${count} rows of ${path}`);
    }, 40_000);
  }
}

/** Names of rows: of an event, else the kind. */
export function names(rows: readonly Seen[]): string[] {
  return rows.map(({ kind, event }) => (kind === 'track' ? event : kind));
}

/** Makes calls in the page: JavaScript on `temas`. */
export async function run(page: Page, script: string): Promise<void> {
  await page.evaluate(`(() => { ${script} })()`);
}

/** Waits until the script has completed the snippet. */
export async function ready(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => temas.ready(() => done()))');
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

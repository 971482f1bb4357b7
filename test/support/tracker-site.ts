import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));

/** Placeholder options of the built snippet. */
const OPTIONS = /\{key:"WRITE_KEY"[^}]*\}/;

/** A page of the site: what the snippet is given, and what its developer adds. */
export interface SitePage {
  readonly options: Readonly<Record<string, unknown>>;
  /** HTML before the snippet, such as another tag's script. */
  readonly before?: string;
  readonly body?: string;
  /** Answers with a strict Content-Security-Policy that names this nonce. */
  readonly nonce?: string;
  /** Names the hashes of the scripts. */
  readonly integrity?: boolean;
}

/** A customer's site on an origin of its own, with the snippet in its pages, which serves the tracker's scripts too. */
export class TrackerSite {
  readonly #pages = new Map<string, SitePage>();

  private constructor(
    private readonly server: Server,
    private readonly built: string,
    readonly url: string,
    /** What the build printed: a line a file with its size. */
    readonly sizes: string,
  ) {}

  /** Builds the tracker and serves it. */
  static async start(): Promise<TrackerSite> {
    const built = mkdtempSync(join(tmpdir(), 'temas-tracker-'));
    const build = join(ROOT, 'infra/run/build-tracker.mjs');
    const sizes = execFileSync(process.execPath, [build, built], { encoding: 'utf8' });
    const server = createServer(({ url = '/' }, response) => {
      const path = url.split('?', 1)[0] as string;
      if (path.startsWith('/scripts/')) {
        response.setHeader('content-type', 'text/javascript');
        response.setHeader('access-control-allow-origin', '*');
        response.end(site.file(path.slice('/scripts/'.length)));
        return;
      }
      const { html, policy } = site.#render(path);
      response.setHeader('content-type', 'text/html');
      if (policy !== undefined) response.setHeader('content-security-policy', policy);
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const site = new TrackerSite(server, built, url, sizes);
    return site;
  }

  /** All pages whose path starts with `prefix` are like this; returns their address. */
  add(prefix: string, page: SitePage): string {
    this.#pages.set(prefix, page);
    return this.url + prefix;
  }

  /** A file of the build. */
  file(name: string): string {
    return readFileSync(join(this.built, name), 'utf8');
  }

  #render(path: string): { html: string; policy?: string } {
    const prefix = [...this.#pages.keys()].find((each) => path.startsWith(each));
    const head = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>${path}</title>`;
    if (prefix === undefined) return { html: head };
    const { options, before = '', body = '', nonce, integrity } = this.#pages.get(prefix) as SitePage;
    const given = {
      ...options,
      scripts: `${this.url}/scripts/`,
      ...(integrity ? { integrity: this.#hashes() } : {}),
    };
    const snippet = this.file('snippet.html').replace(OPTIONS, () => JSON.stringify(given));
    const html =
      head + before + (nonce ? snippet.replace('<script>', `<script nonce="${nonce}">`) : snippet) + body;
    const connect = String(options.host);
    const policy = `default-src 'none'; img-src data:; script-src 'nonce-${nonce ?? ''}'; connect-src ${connect}`;
    return { html, ...(nonce ? { policy } : {}) };
  }

  #hashes(): Record<string, string> {
    return Object.fromEntries(
      ['t', 't.auto', 't.debug'].map((name) => {
        const hash = createHash('sha384')
          .update(this.file(`${name}.js`))
          .digest('base64');
        return [name, `sha384-${hash}`];
      }),
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.built, { recursive: true, force: true });
  }
}

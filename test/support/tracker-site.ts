import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
const BUILT = join(ROOT, 'dist/tracker');

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
  /** Pins the scripts by their hashes, and serves its own copy of them. */
  readonly integrity?: boolean;
}

/** A customer's site on an origin of its own, with the built snippet in its pages; its scripts come from Temas. */
export class TrackerSite {
  readonly #pages = new Map<string, SitePage>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Serves the site. */
  static async start(): Promise<TrackerSite> {
    const server = createServer(({ url = '/' }, response) => {
      const path = url.split('?', 1)[0] as string;
      if (path.startsWith('/scripts/')) {
        response.setHeader('content-type', 'text/javascript');
        response.setHeader('access-control-allow-origin', '*');
        response.end(builtFile(path.slice('/scripts/'.length)));
        return;
      }
      const { html, policy } = site.#render(path);
      response.setHeader('content-type', 'text/html');
      if (policy !== undefined) response.setHeader('content-security-policy', policy);
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const site = new TrackerSite(server, url);
    return site;
  }

  /** The address of the site under another name. */
  named(host: string): string {
    return this.url.replace('127.0.0.1', host);
  }

  /** All pages whose path starts with `prefix` are like this; returns their address. */
  add(prefix: string, page: SitePage): string {
    this.#pages.set(prefix, page);
    return this.url + prefix;
  }

  #render(path: string): { html: string; policy?: string } {
    const prefix = [...this.#pages.keys()].find((each) => path.startsWith(each));
    const head = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>${path}</title>`;
    if (prefix === undefined) return { html: head };
    const { options, before = '', body = '', nonce, integrity } = this.#pages.get(prefix) as SitePage;
    const given = {
      ...options,
      ...(integrity ? { scripts: `${this.url}/scripts/`, integrity: hashes() } : {}),
    };
    const snippet = builtFile('snippet.html').replace(OPTIONS, () => JSON.stringify(given));
    const html =
      head + before + (nonce ? snippet.replace('<script>', `<script nonce="${nonce}">`) : snippet) + body;
    const connect = String(options.host);
    const policy = `default-src 'none'; img-src data:; script-src 'nonce-${nonce ?? ''}'; connect-src ${connect}`;
    return { html, ...(nonce ? { policy } : {}) };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A file of the build. */
function builtFile(name: string): string {
  return readFileSync(join(BUILT, name), 'utf8');
}

/** Hashes of the scripts, as the build notes them. */
function hashes(): Record<string, string> {
  const files = JSON.parse(builtFile('files.json')) as Record<string, { integrity: string }>;
  return Object.fromEntries(
    Object.entries(files).map(([name, { integrity }]) => [name.replace('.js', ''), integrity]),
  );
}

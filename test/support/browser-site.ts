import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ENTRY = fileURLToPath(new URL('./browser-page.ts', import.meta.url));

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Shoes</title>
<script type="module" src="/scripts/page.js"></script>`;

const NEXT_PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Next</title>`;

/** A customer's site on an origin of its own, with the vendors' SDKs as a bundler ships them. */
export class BrowserSite {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<BrowserSite> {
    const scripts = await bundle();
    const server = createServer(({ url = '/' }, response) => {
      const script = scripts.get(url);
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
      response.end(script ?? (url.startsWith('/next') ? NEXT_PAGE : PAGE));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BrowserSite(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Scripts by their path. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const build = await rolldown({ input: { page: ENTRY }, platform: 'browser', logLevel: 'silent' });
  // Not its default, a function: rolldown's native half takes no function from Jest's realm.
  const { output } = await build.generate({ entryFileNames: '[name].js', sourcemapIgnoreList: false });
  await build.close();
  return new Map(
    output.map((file) => [
      `/scripts/${file.fileName}`,
      file.type === 'chunk' ? file.code : String(file.source),
    ]),
  );
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Request } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of Chromium: `TEMAS_CHROMIUM`, else the first in PATH under a name that distributions give it. */
export function findChromium(): string | undefined {
  const { TEMAS_CHROMIUM: chosen, PATH = '' } = process.env;
  if (chosen) return chosen;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place));
}

/** Starts Chromium without a window. Its sandbox refuses root, as whom containers run tests. */
export async function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

/** What became of the calls that the pages of a context sent. */
export class Deliveries {
  /** Events of requests that were answered with success. */
  readonly answered = new Set<string>();
  /** Events of requests that got no answer at all. */
  readonly unanswered = new Set<string>();
  /** Events of requests that were answered 429; one that was sent twice stands there twice. */
  readonly limited: string[] = [];
  /** Kinds of the calls that were answered with success, sorted; a kind called twice stands there twice. */
  readonly kinds: string[] = [];

  constructor(context: BrowserContext) {
    context.on('requestfailed', (request) => {
      for (const { event } of callsOf(request)) if (event !== undefined) this.unanswered.add(event);
    });
    context.on('response', (response) => {
      for (const { type, event } of callsOf(response.request())) {
        if (response.ok()) this.kinds.push(type);
        if (event === undefined) continue;
        if (response.ok()) this.answered.add(event);
        if (response.status() === 429) this.limited.push(event);
      }
      this.kinds.sort();
    });
  }
}

interface SentCall {
  readonly type: string;
  readonly event?: string;
}

/** The calls in a request's body; none if it is not for ingest, or a beacon, whose body Chromium does not show. */
function callsOf(request: Request): readonly SentCall[] {
  const body = request.postDataJSON() as SentCall | { batch: readonly SentCall[] } | null;
  if (body === null) return [];
  return 'batch' in body ? body.batch : [body];
}

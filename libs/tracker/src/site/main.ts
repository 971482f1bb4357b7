import type { PageGlobals } from '../browser.ts';
import { attempt } from '../core/attempt.ts';
import type { WaitingTracker } from '../waiting-tracker.ts';
import type { Tracker } from '../tracker-api.ts';
import { handOver } from './hand-over.ts';
import { keepByServer } from './server-cookie.ts';
import { takeOver } from './take-over.ts';

// The add-on for a company's own domains: a device cookie set by the server, visitors who go from site to site.
const waiting = (globalThis as PageGlobals).temas as unknown as WaitingTracker & Tracker;
const { o } = waiting;
const start = (): void => void attempt(() => waiting.g?.());

void (o.link ? takeOver(waiting, waiting, start) : Promise.resolve())
  .catch(() => {})
  .then(() => {
    start();
    if (o.cookie) attempt(() => keepByServer(o, waiting));
  });
if (o.link) attempt(() => handOver(o));

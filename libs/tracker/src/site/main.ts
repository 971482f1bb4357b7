import type { PageGlobals } from '../browser.ts';
import { attempt } from '../core/attempt.ts';
import type { Stub } from '../stub.ts';
import type { Tracker } from '../tracker-api.ts';
import { handOver } from './hand-over.ts';
import { keepByServer } from './server-cookie.ts';
import { takeOver } from './take-over.ts';

// The add-on for a company's own domains: a device cookie set by the server, visitors who go from site to site.
const stub = (globalThis as PageGlobals).temas as unknown as Stub & Tracker;
const { o } = stub;
const start = (): void => void attempt(() => stub.g?.());

void (o.link ? takeOver(stub, stub, start) : Promise.resolve())
  .catch(() => {})
  .then(() => {
    start();
    if (o.cookie) attempt(() => keepByServer(o, stub));
  });
if (o.link) attempt(() => handOver(o));

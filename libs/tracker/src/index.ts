import type { PageGlobals } from './browser.ts';
import { installWaiting } from './waiting-tracker.ts';
import { startTracking } from './tracker.ts';
import type { Tracker, TrackerOptions } from './tracker-api.ts';

export type {
  CallOptions,
  Capture,
  ConsentState,
  Properties,
  Tracker,
  TrackerOptions,
} from './tracker-api.ts';

const page = globalThis as PageGlobals & { document?: unknown };

/** Where there is no page (on a server), the calls do nothing. */
const IDLE: Tracker = {
  page: () => undefined,
  track: () => undefined,
  identify: () => undefined,
  group: () => undefined,
  alias: () => undefined,
  reset: () => undefined,
  consent: () => undefined,
  ready: () => undefined,
};

/** The tracker of this page, for sites that bundle it. The first call starts it; later ones give the same. */
export function startTracker(options: TrackerOptions): Tracker {
  if (!page.document) return IDLE;
  page.temas ??= installWaiting(options, startTracking) as PageGlobals['temas'];
  return page.temas as unknown as Tracker;
}

import type { LayerEntry, PageDocument, PageGlobals, PageLocation } from './browser.ts';
import { loadScript } from './load-script.ts';
import type { Tracker, TrackerOptions } from './tracker-api.ts';

declare const document: PageDocument;
declare const location: PageLocation;
declare const window: PageGlobals;

/** A call made before the tracker was there: name, arguments, ms since 1970, address of the page. */
export type EarlyCall = readonly [name: string, args: readonly unknown[], at: number, href: string];

/** What stands in `window.temas` until the tracker completes it. */
export interface WaitingTracker {
  /** Options. */
  readonly o: TrackerOptions;
  /** Loads a script. */
  readonly l: typeof loadScript;
  /** Starts the tracker; there while an add-on may have to be waited for. */
  g?: () => void;
  /** Calls so far. */
  q?: EarlyCall[];
  /** What happened to calls, while somebody debugs. */
  d?: { push(entry: unknown): unknown };
}

/**
 * Takes the place of the tracker: keeps calls, the first page view among them, and starts it by `start`, once; where
 * consent is required, not before a yes. Google's Consent Mode counts: a default that denies analytics requires
 * consent, an update is a call of `consent`.
 */
export function installWaiting(o: TrackerOptions, start: (waiting: WaitingTracker) => void): Tracker {
  const q: EarlyCall[] = [];
  const waiting: WaitingTracker & Record<string, unknown> = { o, q, l: loadScript };
  const tracker = waiting as unknown as Tracker;
  let waits: unknown = o.consent;
  let go = (): void => {
    go = () => {};
    start(waiting);
  };
  'page track identify group alias reset consent ready'.split(' ').forEach((name) => {
    waiting[name] = (...args: [{ analytics?: boolean }]) => {
      // The page may have kept this function.
      if (!waiting.q) return (waiting[name] as (...args: unknown[]) => void)(...args);
      const analytics = name === 'consent' ? args[0]?.analytics : undefined;
      // What was called before a refusal must not be told after a later yes; what is called after it is dropped there.
      if (analytics === false) q.length = 0;
      q.push([name, args, Date.now(), location.href]);
      if (analytics) go();
    };
  });
  const read = (entry: LayerEntry | undefined): void => {
    const { 0: what, 1: how, 2: values } = entry || {};
    if (what !== 'consent') return;
    const state: Record<string, boolean> = {};
    // Of Google's names only `analytics_storage` has `s_`.
    for (const name in values) state[name.replace(/s_.*/, 's')] = values[name] === 'granted';
    if (how === 'update') tracker.consent(state);
    else waits ||= state.analytics === false;
  };
  const layer = (window.dataLayer ??= []);
  const { push } = layer;
  layer.push = (...entries) => {
    entries.forEach(read);
    return push.apply(layer, entries);
  };
  if (o.pageViews !== false) tracker.page();
  layer.forEach(read);
  try {
    if (!waits || document.cookie.match('temas_c=')) go();
  } catch {
    // A page that may not even look at its cookies has none of ours.
  }
  return tracker;
}

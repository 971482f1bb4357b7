import type { Listen, PageDocument, TimingEntry } from '../browser.ts';
import type { Tracker } from '../tracker-api.ts';

declare const document: PageDocument;
declare const addEventListener: Listen;
declare const performance: { getEntriesByType(type: string): TimingEntry[] };
declare const PerformanceObserver: new (seen: (list: { getEntries(): TimingEntry[] }) => void) => {
  observe(options: { type: string; buffered: true; durationThreshold?: number }): void;
};

/** A shift belongs to the same burst as the one before if it comes within this, ms. */
const SHIFT_GAP = 1_000;
const LONGEST_BURST = 5_000;

/** Sum of layout shifts in the worst burst (pauses under 1 s, 5 s at most): Cumulative Layout Shift. */
export function worstBurst(shifts: readonly TimingEntry[]): number {
  let worst = 0;
  let sum = 0;
  let first = -Infinity;
  let last = -Infinity;
  for (const { startTime, value = 0, hadRecentInput } of shifts) {
    if (hadRecentInput) continue;
    if (startTime - last >= SHIFT_GAP || startTime - first >= LONGEST_BURST) {
      sum = 0;
      first = startTime;
    }
    last = startTime;
    sum += value;
    worst = Math.max(worst, sum);
  }
  return worst;
}

/**
 * Core Web Vitals of a loaded page, in one event when it is left or hidden for the first time: `ttfb`, `fcp`, `lcp`, `inp` in
 * ms, `cls`. `inp` is the longest interaction: the exact one for pages with fewer than 50.
 */
export function watchVitals(tracker: Tracker): void {
  const shifts: TimingEntry[] = [];
  const vitals: Record<string, number> = {};
  const observe = (type: string, seen: (entry: TimingEntry) => void): void => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(seen)).observe({
        type,
        buffered: true,
        ...(type === 'event' ? { durationThreshold: 40 } : {}),
      });
    } catch {
      // A browser that does not measure this has no figure.
    }
  };
  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') vitals.fcp = startTime;
  });
  observe('largest-contentful-paint', ({ startTime }) => (vitals.lcp = startTime));
  observe('layout-shift', (entry) => shifts.push(entry));
  observe('event', ({ interactionId, duration }) => {
    if (interactionId) vitals.inp = Math.max(vitals.inp ?? 0, duration);
  });
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    const [load] = performance.getEntriesByType('navigation');
    const all = { ttfb: load?.responseStart, ...vitals };
    const rounded = Object.entries(all).map(([name, ms]): [string, number] => [name, Math.round(ms ?? 0)]);
    tracker.track('Web Vitals Measured', {
      ...Object.fromEntries<number>(rounded),
      cls: Math.round(worstBurst(shifts) * 10_000) / 10_000,
    });
  };
  // Before the tracker's own listener, which hands over what there is.
  addEventListener('pagehide', tell, { capture: true });
  document.addEventListener('visibilitychange', () => document.hidden && tell());
}

import type { PageGlobals } from './browser.ts';
import { attempt } from './core/attempt.ts';
import type { WaitingTracker } from './waiting-tracker.ts';
import { startTracking } from './tracker.ts';

declare const window: PageGlobals;

// Completes what the snippet has left, if it has.
attempt(() => startTracking(window.temas as WaitingTracker));

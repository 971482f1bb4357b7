import type { PageGlobals } from '../browser.ts';
import { attempt } from '../core/attempt.ts';
import type { WaitingTracker } from '../waiting-tracker.ts';
import type { Capture, Tracker } from '../tracker-api.ts';
import { watchErrors } from './errors.ts';
import { watchClicks, watchForms, watchOutbound, watchScroll } from './interactions.ts';
import { watchVitals } from './web-vitals.ts';

// The add-on that makes calls of what a person does, as far as the options ask.
const WATCHES: Readonly<Record<Capture, (tracker: Tracker) => void>> = {
  clicks: watchClicks,
  forms: watchForms,
  outbound: watchOutbound,
  scroll: watchScroll,
  vitals: watchVitals,
  errors: watchErrors,
};

const tracker = (globalThis as PageGlobals).temas as unknown as Tracker & WaitingTracker;
for (const name of tracker.o.capture ?? []) attempt(() => WATCHES[name](tracker));

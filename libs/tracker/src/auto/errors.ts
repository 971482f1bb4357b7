import type { Listen } from '../browser.ts';
import type { Tracker } from '../tracker-api.ts';

declare const addEventListener: Listen;

/** Errors told of one page, at most: one that repeats must not fill the log. */
const MOST_ERRORS = 10;

/** Errors of the page's scripts that nobody caught. */
export function watchErrors(tracker: Tracker): void {
  let told = 0;
  const tell = (message: unknown, place: object): void => {
    if (told++ < MOST_ERRORS)
      tracker.track('Error Occurred', { message: String(message).slice(0, 500), ...place });
  };
  addEventListener('error', ({ message, filename, lineno, colno }) => {
    if (message) tell(message, { source: filename, line: lineno, column: colno });
  });
  addEventListener('unhandledrejection', ({ reason }) =>
    tell((reason as Error | undefined)?.message ?? reason, {}),
  );
}

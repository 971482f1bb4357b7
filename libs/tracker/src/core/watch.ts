import type { PageGlobals } from '../browser.ts';
import type { Item } from './outbox.ts';

declare const window: PageGlobals;

/** What became of items: `queued`, `sent`, `confirmed` (the answer may name refused ones), `refused`, `again`. */
export type LogEntry = readonly [state: string, items: readonly Item[], answer?: Partial<Response>];

/** Tells the debug overlay, or keeps it for the overlay while that is loaded; `d` is there only if somebody debugs. */
export function watch(...entry: LogEntry): void {
  window.temas?.d?.push(entry);
}

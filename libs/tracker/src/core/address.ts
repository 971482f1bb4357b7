import type { HistoryMethod, Listen, PageLocation } from '../browser.ts';
import { attempt } from './attempt.ts';

declare const location: PageLocation;
declare const history: Record<'pushState' | 'replaceState', HistoryMethod>;
declare const addEventListener: Listen;

/** The address without its fragment; one that starts with `#/` or `#!` is the path of an application. */
export function addressOf(href: string): string {
  return href.replace(/#(?![/!]).*/, '');
}

/** Tells of every change of the address inside the page; `before` is the address that was left. */
export function watchAddress(changed: (before: string) => void): void {
  let here = addressOf(location.href);
  const look = (): void => {
    const before = here;
    here = addressOf(location.href);
    if (here !== before) changed(before);
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      attempt(look);
    };
  }
  addEventListener('popstate', look);
}

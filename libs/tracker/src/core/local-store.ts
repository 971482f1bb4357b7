import type { TextStore } from '../browser.ts';
import { attempt } from './attempt.ts';

declare const localStorage: TextStore;

/** localStorage; `undefined` where the user forbids it. Writing may still throw: it may be full. */
export const store = attempt(() => localStorage);

/** Writes a value; `false` if it could not be kept. */
export function keep(name: string, value: string): boolean {
  return !!attempt(() => ((store as TextStore).setItem(name, value), true));
}

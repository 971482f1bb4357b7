import type { ConsentState } from '../tracker-api.ts';
import { attempt } from './attempt.ts';
import { recall, remember } from './memory.ts';

/** Holds what was agreed to, where it may be kept; the snippet looks for it too. */
const NAME = 'temas_c';

/** What the person agreed to and refused, as far as they were asked. */
export let consentState: ConsentState = {};

/** Reads what was said on an earlier page. */
export function recallConsent(): void {
  consentState = attempt(() => JSON.parse(recall(NAME) as string) as ConsentState) ?? {};
}

/** Whether calls go out. The tracker does not start before it may, so only a refusal says no. */
export function mayTrack(): boolean {
  return consentState.analytics !== false;
}

/** Merges what was said; `false` if it says nothing new. */
export function sayConsent(news: ConsentState): boolean {
  // As text first: what cannot be written must not stand in the state, which every later call carries.
  const after = JSON.stringify({ ...consentState, ...news });
  if (after === JSON.stringify(consentState)) return false;
  consentState = JSON.parse(after) as ConsentState;
  return true;
}

/** Keeps the state for the next page; a refusal only where it is needed to be left alone. */
export function keepConsent(required: unknown): void {
  remember(NAME, required && !mayTrack() ? '' : JSON.stringify(consentState));
}

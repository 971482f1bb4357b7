import { mayTrack, recallConsent } from '../core/consent.ts';
import { recall } from '../core/memory.ts';
import { ID } from '../core/visitor.ts';

/**
 * The device id as the tracker has left it in the browser; `undefined` if it has none, as after a refusal. The add-on
 * has its own copy of the tracker's modules, so what the page holds only in memory is not seen here.
 */
export function deviceId(): string | undefined {
  return maySend() ? (recall(ID) ?? undefined) || undefined : undefined;
}

/** Whether the person has not refused, as far as the browser remembers. */
export function maySend(): boolean {
  recallConsent();
  return mayTrack();
}

import type { HistoryMethod, PageLocation } from '../browser.ts';
import { attempt } from '../core/attempt.ts';
import { recall, remember } from '../core/memory.ts';
import { ID } from '../core/visitor.ts';
import type { EarlyCall, WaitingTracker } from '../waiting-tracker.ts';
import type { Tracker } from '../tracker-api.ts';
import { ask } from './ask.ts';
import { deviceId, maySend } from './device.ts';
import { tokenOf, withoutToken } from './token.ts';

declare const location: PageLocation;
declare const history: { readonly state: unknown };
declare const History: { readonly prototype: { readonly replaceState: HistoryMethod } };

/**
 * Takes the visitor over whom another site has sent, then starts the tracker. A browser without a device id gets that
 * of the other site; one that has its own keeps it, and a call names both, so that one profile has them.
 */
export async function takeOver(waiting: WaitingTracker, tracker: Tracker, start: () => void): Promise<void> {
  const token = tokenOf(location.href);
  if (!token) return;
  hideToken(waiting);
  if (!maySend()) return;
  const own = deviceId();
  // Nothing to wait for: its calls carry its own id whatever the answer is.
  if (own) start();
  const answer = await ask(waiting.o, 'handover/redeem', { token });
  const { anonymousId } = ((await answer?.json().catch(() => undefined)) ?? {}) as { anonymousId?: string };
  if (!anonymousId || !maySend()) return;
  if (waiting.q && !deviceId()) remember(ID, anonymousId);
  else if (deviceId() && recall(ID) !== anonymousId)
    tracker.identify({}, { context: { externalIds: [{ id: anonymousId, type: 'anonymous_id' }] } });
}

/** A token is for one visitor and one visit: not for who is sent the address, nor for the log. */
function hideToken(waiting: WaitingTracker): void {
  // In place: the waiting goes on filling it.
  waiting.q?.forEach(([name, args, at, href], i, calls: EarlyCall[]) => {
    calls[i] = [name, args, at, withoutToken(href)];
  });
  // The history's own method is watched once the tracker has started, and this is no view.
  attempt(() => History.prototype.replaceState.call(history, history.state, '', withoutToken(location.href)));
}

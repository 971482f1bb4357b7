import type { PageLocation } from '../browser.ts';
import { recall, remember, siteDomain } from '../core/memory.ts';
import { ID, KEPT, VISIT } from '../core/visitor.ts';
import type { Tracker, TrackerOptions } from '../tracker-api.ts';
import { ask } from './ask.ts';
import { deviceId } from './device.ts';
import { maySetCookie } from './domains.ts';

declare const location: PageLocation;

/** A call may bring a new session or a new device; looked at this much later, ms. */
const SETTLE = 500;

const CALLS = ['page', 'track', 'identify', 'group', 'alias', 'reset', 'consent'] as const;

const sessionNow = (): string => (recall(VISIT) || '').split('~')[0] as string;

/** Has the server set the device id as its cookie, once a session. */
export function keepByServer(o: TrackerOptions, tracker: Tracker): void {
  let asked = '';
  let latest = '';
  let timer: unknown;
  const look = async (): Promise<void> => {
    timer = undefined;
    const anonymousId = deviceId();
    const session = sessionNow();
    if (!anonymousId || !session || session === asked || session === recall(KEPT)) return;
    const domain = siteDomain();
    if (!maySetCookie(new URL(o.host, location.href).hostname, location.hostname, domain)) return;
    asked = session;
    latest = anonymousId;
    const kept = await ask(o, 'cookie', { anonymousId, domain });
    // The answer brings back whom a refusal or a log-out has forgotten in the meantime.
    if (latest !== anonymousId || sessionNow() !== session) {
      if (recall(ID) === anonymousId) remember(ID, latest === anonymousId ? '' : latest);
    } else if (kept) remember(KEPT, session);
  };
  for (const name of CALLS) {
    const call = tracker[name].bind(tracker) as (...args: unknown[]) => void;
    tracker[name] = (...args: unknown[]) => {
      call(...args);
      latest = deviceId() ?? '';
      timer ??= setTimeout(() => void look(), SETTLE);
    };
  }
  void look();
}

import type { Listen, PageDocument, PageLocation, PageNavigator } from './browser.ts';
import { watchAddress } from './core/address.ts';
import { attempt } from './core/attempt.ts';
import { consentState, keepConsent, mayTrack, recallConsent, sayConsent } from './core/consent.ts';
import { leave, poke, send, startDelivery, wake } from './core/delivery.ts';
import { addItem, adopt, allowStore, itemOf } from './core/outbox.ts';
import { pageContext } from './core/page-context.ts';
import { randomId } from './core/random-id.ts';
import { forgetVisitor, visitorAt } from './core/visitor.ts';
import { watch } from './core/watch.ts';
import type { EarlyCall, WaitingTracker } from './waiting-tracker.ts';
import type { CallOptions, Tracker } from './tracker-api.ts';

declare const document: PageDocument;
declare const location: PageLocation;
declare const navigator: PageNavigator;
declare const addEventListener: Listen;

/** How far the times of a burst may run ahead of the clock, ms; beyond, somebody has set the clock back. */
const MOST_AHEAD = 2_000;

/** How long the first calls of a page wait for the device id of the site that its visitor comes from, ms. */
const HANDOVER_WAIT = 1_000;

interface Fields {
  readonly event?: string;
  readonly name?: unknown;
  readonly category?: unknown;
  readonly userId?: string;
  readonly groupId?: string;
  readonly previousId?: string;
  readonly properties?: unknown;
  readonly traits?: unknown;
}

/**
 * Completes the waiting of this page, once, and makes the calls it kept. Its calls never throw. Modules hold the state:
 * there is one tracker in a page, and names of properties would be the larger part of the script.
 */
export function startTracking(waiting: WaitingTracker): void {
  const { o: options, q: early } = waiting;
  if (!early) return;
  if (!waiting.g && (options.cookie || options.link)) {
    waiting.g = () => startTracking(waiting);
    waiting.l(options, 't.site');
    if (/temas_v=/.test(location.href)) {
      // The visitor comes from another site: the add-on learns as whom, and goes on. The page waits no longer than this.
      setTimeout(waiting.g, HANDOVER_WAIT);
      addEventListener('pagehide', waiting.g);
      return;
    }
  }
  const tracker = waiting as unknown as Tracker;
  const page = randomId();
  let last = 0;
  let number = 0;
  let { referrer } = document;
  let replayed: EarlyCall | undefined;

  const resume = (): void => {
    if (mayTrack()) adopt(page, poke);
  };

  const call = (type: string, fields: Fields, more?: CallOptions): void => {
    const [, , now, href] = replayed || [0, 0, Date.now(), location.href];
    // Times differ and rise within a page, so that they alone give the order of calls.
    last = now > last || last - now > MOST_AHEAD ? now : last + 1;
    const { anonymousId, session, userId } = visitorAt(last, fields.previousId ? '' : fields.userId);
    const seq = ++number;
    const key = page + '.' + (1e6 + seq);
    const json = JSON.stringify({
      ...fields,
      type,
      messageId: key,
      timestamp: last,
      anonymousId,
      userId: fields.userId || userId,
      context: {
        ...pageContext(href, referrer),
        ...more?.context,
        temas: { page, seq, session },
        consent: { categoryPreferences: consentState, gpc: navigator.globalPrivacyControl },
      },
    });
    const item = itemOf(key, json, performance.now() + last - now);
    addItem(item);
    watch('queued', [item]);
    poke();
  };

  const calls: Tracker = {
    page(...args: unknown[]) {
      const names: unknown[] = [];
      while (typeof args[0] === 'string') names.unshift(args.shift());
      const [name, category] = names;
      call('page', { name, category, properties: args[0] }, args[1] as CallOptions);
    },
    track: (event, properties, more) => call('track', { event, properties }, more),
    identify(who: unknown, ...rest: unknown[]) {
      if (typeof who === 'object' && who) who = rest.unshift(who) && '';
      call('identify', { userId: who, traits: rest[0] } as Fields, rest[1] as CallOptions);
    },
    group: (groupId, traits, more) => call('group', { groupId, traits }, more),
    alias: (userId, previousId = visitorAt(Date.now()).anonymousId, more) =>
      call('alias', { userId, previousId }, more),
    reset: forgetVisitor,
    consent(news) {
      const before = mayTrack();
      if (!sayConsent(news) || (!before && !mayTrack())) return;
      call('track', { event: 'Consent Updated', properties: { categoryPreferences: consentState } });
      allowStore(mayTrack());
      if (mayTrack()) resume();
      else forgetVisitor();
      keepConsent(options.consent);
    },
    ready: (action) => action(tracker),
  };

  waiting.q = undefined;
  if (/temas_debug/.test(location.href)) {
    waiting.d = [];
    waiting.l(options, 't.debug');
  }
  if (options.capture) waiting.l(options, 't.auto');
  recallConsent();
  startDelivery(options);
  resume();
  for (const name in calls) {
    tracker[name as 'track'] = (...args) => {
      if (mayTrack() || /consent|ready/.test(name)) attempt(() => calls[name as 'track'](...args));
    };
  }
  early.forEach((each) => {
    replayed = each;
    tracker[each[0] as 'track'](...(each[1] as [string]));
  });
  replayed = undefined;

  const comeBack = (): void => {
    resume();
    wake();
  };
  const view = (): void => {
    if (options.pageViews !== false) tracker.page();
  };
  watchAddress((before) => {
    referrer = before;
    view();
  });
  addEventListener('pagehide', leave);
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    comeBack();
    view();
  });
  addEventListener('online', comeBack);
  // Hidden: perhaps for ever, so what can be sent is. Visible: other tabs may have left something.
  addEventListener('visibilitychange', () => {
    if (document.hidden) send();
    else resume();
  });
}

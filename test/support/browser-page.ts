import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';
import { jitsuAnalytics } from '@jitsu/js';
import { AnalyticsBrowser } from '@segment/analytics-next';

/** How an SDK is asked to send. */
export type Mode = 'plain' | 'batch' | 'beacon';

/** Who a page's SDK sends to. */
export interface PageOptions {
  /** Temas' address, with or without the neutral prefix. */
  readonly url: string;
  readonly writeKey: string;
  readonly mode: Mode;
}

/** One vendor's browser SDK, as a customer's site uses it. */
export interface PageSdk {
  /** One call of every kind it has; all but the first are in the name of a person. */
  callAll(userId: string): void | Promise<void>;
  track(event: string): void;
}

/** What a page of the test site offers to a test, as `globalThis.site`. */
export interface Site {
  start(vendor: Vendor, options: PageOptions): void;
  sdk: PageSdk;
  /** The address bar, to leave the page in the same task as a call. */
  location: { assign(url: string): void };
}

const PLAN = { plan: 'pro' };

function segment({ url, writeKey, mode }: PageOptions): PageSdk {
  const strategies = {
    plain: undefined,
    batch: { strategy: 'batching', config: { size: 3, timeout: 1_000 } },
    beacon: { strategy: 'standard', config: { keepalive: true } },
  } as const;
  const analytics = AnalyticsBrowser.load(
    { writeKey, cdnURL: url },
    { integrations: { 'Segment.io': { deliveryStrategy: strategies[mode] } } },
  );
  return {
    callAll(userId) {
      void analytics.page('Home', { campaign: 'spring' });
      void analytics.identify(userId, PLAN);
      void analytics.track('Signed Up', PLAN);
      void analytics.screen('Start', PLAN);
      void analytics.group('acme', { name: 'Acme' });
      void analytics.alias(userId, `before-${userId}`);
    },
    track: (event) => void analytics.track(event),
  };
}

function rudderStack({ url, writeKey, mode }: PageOptions): PageSdk {
  const rudder = new RudderAnalytics();
  rudder.load(writeKey, url, {
    configUrl: url,
    useBeacon: mode === 'beacon',
    beaconQueueOptions: { flushQueueInterval: 1_000 },
    queueOptions: { batch: { enabled: mode === 'batch', maxItems: 3, flushInterval: 1_000 } },
    logLevel: 'NONE',
  });
  return {
    callAll(userId) {
      rudder.page('Home', { campaign: 'spring' });
      rudder.identify(userId, PLAN);
      rudder.track('Signed Up', PLAN);
      rudder.group('acme', { name: 'Acme' });
      rudder.alias(userId, `before-${userId}`);
    },
    track: (event) => rudder.track(event),
  };
}

function jitsu({ url, writeKey }: PageOptions): PageSdk {
  const analytics = jitsuAnalytics({ host: url, writeKey: `${writeKey}:secret` });
  return {
    // One after the other: a call beside `identify` would not yet know the person.
    async callAll(userId) {
      await analytics.page({ name: 'Home', campaign: 'spring' });
      await analytics.identify(userId, PLAN);
      await analytics.track('Signed Up', PLAN);
      await analytics.group('acme', { name: 'Acme' });
    },
    track: (event) => void analytics.track(event).catch(() => undefined),
  };
}

const VENDORS = { segment, rudderStack, jitsu };

/** Whose SDK. */
export type Vendor = keyof typeof VENDORS;

declare global {
  var site: Site;
}

Object.assign(globalThis, {
  site: {
    location: (globalThis as unknown as Site).location,
    start(this: Site, vendor, options) {
      this.sdk = VENDORS[vendor](options);
    },
  } satisfies Omit<Site, 'sdk'>,
});

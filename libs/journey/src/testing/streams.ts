import fc from 'fast-check';
import type { TestEvent } from './events.ts';
import type { Commerce, TestOrder } from './stages.ts';
import { idOf } from './world.ts';

/** Histories are independent, so one stream of many people tries a question on all of them at once. */
const ANCHORS = 40;

/**
 * Random events with ties in time, late ones, bots, traits told and taken back, anchors that were merged; and orders, some
 * of the same moments and days as the events, others long before.
 */
export interface RandomStream {
  readonly events: readonly TestEvent[];
  readonly commerce: Commerce;
  readonly moved: ReadonlyMap<number, number>;
}

const START = Date.UTC(2026, 2, 27, 22, 0);

/** How the moments of a stream lie: few seconds for funnels, weeks over a change of clocks for retention. */
export interface Pace {
  /** Ms between two possible moments. */
  readonly tickMs: number;
  readonly ticks: number;
  readonly names: readonly string[];
  /** Events of all people together. */
  readonly length: number;
}

const SITE = 'https://www.shop.example/a';

const origins = fc.constantFrom<Partial<TestEvent>>(
  { utm_source: 'Google', utm_medium: 'CPC' },
  { utm_source: 'newsletter', utm_medium: 'email' },
  { utm_source: 'facebook' },
  { utm_medium: 'display' },
  { click_id: 'gclid', url: SITE },
  { click_id: 'fbclid', referrer: 'https://l.facebook.com/x', url: SITE },
  { click_id: 'dclid', utm_medium: 'affiliate' },
  { referrer: 'https://www.google.com.tr/', url: SITE },
  { referrer: 'https://mail.google.com/mail', url: SITE },
  { referrer: 'https://search.brave.com/q', url: SITE },
  { referrer: 'https://t.co/abc', url: SITE },
  { referrer: 'https://blog.friends.co.uk/post', url: SITE },
  { referrer: 'https://pay.shop.example/done', url: SITE },
  { referrer: 'https://m.youtube.com/watch' },
  { referrer: 'https://www.shop.example/b', url: SITE },
  { url: SITE },
);

/** Streams of a pace. */
export function streams({ tickMs, ticks, names, length }: Pace): fc.Arbitrary<RandomStream> {
  const raw = fc.record({
    tick: fc.integer({ min: 0, max: ticks }),
    // Positions are the places in the list, so a small tick late in the list is a late event.
    anchor: fc.integer({ min: 1, max: ANCHORS }),
    name: fc.constantFrom(...names),
    kind: fc.constantFrom('track', 'track', 'track', 'track', 'page', 'identify'),
    price: fc.constantFrom<unknown>(1, 2.5, '2.5', 'two', null, undefined),
    plan: fc.constantFrom<unknown>('gold', 'basic', null, undefined),
    campaign: fc.constantFrom('', '', 'spring', 'autumn'),
    session: fc.integer({ min: 0, max: 3 }),
    origin: fc.option(origins, { nil: {}, freq: 2 }),
    isBot: fc.integer({ min: 0, max: 19 }),
    isNobody: fc.integer({ min: 0, max: 29 }),
  });
  const merges = fc.array(
    fc.tuple(fc.integer({ min: 1, max: ANCHORS }), fc.integer({ min: 1, max: ANCHORS })),
    {
      minLength: 5,
      maxLength: 12,
    },
  );
  const events = fc.array(raw, { minLength: length, maxLength: length });
  return fc.tuple(events, merges, commerces({ tickMs, ticks })).map(([list, pairs, commerce]) => {
    const moved = new Map(pairs);
    const events = list.map((one, i): TestEvent => {
      const isNobody = one.isNobody === 0 && !moved.has(one.anchor);
      return {
        position: i + 1,
        at: START + one.tick * tickMs,
        kind: one.kind,
        event: one.kind === 'identify' ? '' : one.name,
        anchor: one.anchor,
        person: isNobody ? '' : idOf(moved.get(one.anchor) ?? one.anchor),
        session: one.session === 0 || isNobody ? '' : idOf(one.anchor * 1000 + one.session),
        campaign: one.campaign,
        ...one.origin,
        properties: one.price === undefined ? {} : { price: one.price },
        traits: one.kind === 'identify' && one.plan !== undefined ? { plan: one.plan } : {},
        bot: one.isBot === 0,
      };
    });
    const orders = commerce.orders.map((order): TestOrder => ({
      ...order,
      person: idOf(moved.get(order.anchor) ?? order.anchor),
    }));
    return { events, moved, commerce: { ...commerce, orders } };
  });
}

/** Orders whose silences are as long as the thresholds of the fit, or the default ones without a fit, part them. */
function commerces({ tickMs, ticks }: Pick<Pace, 'tickMs' | 'ticks'>): fc.Arbitrary<Commerce> {
  const order = fc
    .record({
      anchor: fc.integer({ min: 1, max: ANCHORS }),
      tick: fc.integer({ min: 0, max: ticks }),
      daysBefore: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 6, 90, 91, 92, 365, 366, 367),
      status: fc.constantFrom<TestOrder['status'][]>(
        ...(['completed', 'completed', 'completed', 'partially_refunded', 'refunded', 'cancelled'] as const),
      ),
      isReturn: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    })
    .map(({ tick, daysBefore, ...rest }): TestOrder => ({
      ...rest,
      person: '',
      at: START + tick * tickMs - daysBefore * 24 * 3_600_000,
    }));
  return fc.record(
    {
      orders: fc.array(order, { minLength: 20, maxLength: 160 }),
      thresholds: fc.constantFrom({ activeDays: 2, lapsedDays: 4 }, { activeDays: 1, lapsedDays: 20 }),
    },
    { requiredKeys: ['orders'] },
  );
}

import fc from 'fast-check';
import type { TestEvent } from './events.ts';
import { idOf } from './world.ts';

/** Histories are independent, so one stream of many people tries a question on all of them at once. */
const ANCHORS = 40;

/** Random events with ties in time, late ones, bots, traits told and taken back, and anchors that were merged. */
export interface RandomStream {
  readonly events: readonly TestEvent[];
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
  return fc.tuple(fc.array(raw, { minLength: length, maxLength: length }), merges).map(([list, pairs]) => {
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
    return { events, moved };
  });
}

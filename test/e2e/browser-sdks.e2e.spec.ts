import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { Deliveries, findChromium, startChromium } from '../support/browser.ts';
import type { Mode, PageOptions, Vendor } from '../support/browser-page.ts';
import { BrowserSite } from '../support/browser-site.ts';
import { untilItWorks } from '../support/retry.ts';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'NOT CHECKED: no Chromium in PATH or TEMAS_CHROMIUM, so the browser SDKs of Segment, RudderStack and Jitsu were not tried against Temas',
  );
}

let browser: Browser;
let site: BrowserSite;

/** How a page's SDK is started; the write key is that of the source `default` if none is given. */
type SdkOptions = Pick<PageOptions, 'url' | 'mode'> & Partial<PageOptions>;

/** A page of the site in a profile of its own, its SDK started. The path tells the rows of a test from others'. */
async function open(
  path: string,
  vendor: Vendor,
  options: SdkOptions,
): Promise<{ page: Page; deliveries: Deliveries }> {
  const context = await browser.newContext();
  const deliveries = new Deliveries(context);
  const page = await context.newPage();
  await visit(page, path, vendor, options);
  return { page, deliveries };
}

async function visit(page: Page, path: string, vendor: Vendor, options: SdkOptions): Promise<void> {
  await page.goto(site.url + path);
  await page.waitForFunction(() => 'site' in globalThis);
  await page.evaluate(([name, given]) => globalThis.site.start(name, given), [
    vendor,
    { writeKey: KEYS.write, ...options },
  ] as const);
}

async function track(page: Page, event: string): Promise<void> {
  await page.evaluate((name) => globalThis.site.sdk.track(name), event);
}

/** Waits until everything that was sent before is in the tables. */
async function settled(temas: TemasProcess): Promise<string | undefined> {
  const { body } = await temas.send('track', { userId: 'last', event: 'Last' });
  return body.position;
}

/** Names of the events that pages under a path sent, in order of their names, as often as they are stored. */
async function eventsOf(temas: TemasProcess, path: string): Promise<string[]> {
  const rows = await temas.sql<{ event: string }>(
    `SELECT event FROM events WHERE startsWith(path, '${path}') AND kind = 'track' ORDER BY event`,
    await settled(temas),
  );
  return rows.map(({ event }) => event);
}

/** A source that takes an event in four seconds; its write key. */
async function createLimitedSource(temas: TemasProcess, source: string): Promise<string> {
  const response = await fetch(`${temas.url}/v1/sources`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEYS.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source, trust: 'client', rateLimit: 0.25 }),
  });
  return ((await response.json()) as { writeKey: string }).writeKey;
}

/** A port that was free a moment ago, for a server that must come back on the same one. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const inChromium = chromium === undefined ? describe.skip : describe;

inChromium('SDKs for browsers', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    [temas, site, browser] = await Promise.all([
      TemasProcess.start(data.path),
      BrowserSite.start(),
      startChromium(chromium as string),
    ]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await temas?.stop();
    data.remove();
  });

  const CALLS: Readonly<Record<Vendor, readonly string[]>> = {
    segment: ['alias', 'group', 'identify', 'page', 'screen', 'track'],
    rudderStack: ['alias', 'group', 'identify', 'page', 'track'],
    jitsu: ['group', 'identify', 'page', 'track'],
  };
  const plan = { plan: 'pro' };
  const ROWS: Readonly<Record<string, object>> = {
    alias: { kind: 'alias' },
    group: { kind: 'group', traits: { name: 'Acme' } },
    identify: { kind: 'identify', traits: plan },
    page: { kind: 'page', properties: { name: 'Home', campaign: 'spring' } },
    screen: { kind: 'screen', event: 'Start', properties: plan },
    track: { kind: 'track', event: 'Signed Up', properties: plan },
  };

  it.each<[Vendor, Mode, string]>([
    ['segment', 'plain', ''],
    ['segment', 'plain', '/e'],
    ['segment', 'batch', ''],
    ['segment', 'batch', '/e'],
    ['segment', 'beacon', ''],
    ['rudderStack', 'plain', ''],
    ['rudderStack', 'plain', '/e'],
    ['rudderStack', 'batch', ''],
    ['rudderStack', 'batch', '/e'],
    ['jitsu', 'plain', ''],
    ['jitsu', 'plain', '/e'],
  ])('takes every kind of call of %s once, %s, prefix "%s"', async (vendor, mode, prefix) => {
    const user = `${vendor}-${mode}${prefix.replace('/', '-')}`;
    const path = `/all/${user}`;
    const { page, deliveries } = await open(path, vendor, { url: temas.url + prefix, mode });
    await page.evaluate((userId) => globalThis.site.sdk.callAll(userId), user);
    await untilItWorks(async () => expect(deliveries.kinds).toEqual(CALLS[vendor]), 15_000);
    const stored = await temas.sql<Record<string, string>>(
      `SELECT kind, event, user_id, anonymous_id, message_id, profile_id, url, properties, traits
       FROM events WHERE path = '${path}' ORDER BY kind`,
      await settled(temas),
    );
    const rows = stored.map(({ properties = '', traits = '', ...row }) => ({
      ...row,
      properties: JSON.parse(properties) as unknown,
      traits: JSON.parse(traits) as unknown,
    }));
    expect(rows).toMatchObject(CALLS[vendor].map((kind) => ({ ...ROWS[kind], url: site.url + path })));
    const named = stored.filter(({ kind }) => kind !== 'page');
    expect(new Set(named.map(({ user_id }) => user_id))).toEqual(new Set([user]));
    expect(new Set(stored.map(({ message_id }) => message_id)).size).toBe(stored.length);
    expect(new Set(stored.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
    expect(new Set(stored.map(({ profile_id }) => profile_id)).size).toBe(1);
    await page.context().close();
  });

  it.each<[Vendor, Mode, string, boolean]>([
    ['segment', 'beacon', '', false],
    ['segment', 'batch', '', false],
    ['segment', 'batch', '/e', true],
    ['rudderStack', 'beacon', '', false],
    ['rudderStack', 'beacon', '/e', true],
  ])('has what %s, %s, hands over while its page goes, prefix "%s", closed: %s', async (...given) => {
    const [vendor, mode, prefix, closed] = given;
    const path = `/leave/${given.join('-').replace('/', '')}`;
    const { page } = await open(path, vendor, { url: temas.url + prefix, mode });
    await track(page, 'Came');
    await untilItWorks(async () => expect(await eventsOf(temas, path)).toEqual(['Came']), 15_000);
    await page.evaluate((leave) => {
      globalThis.site.sdk.track('Left');
      if (leave) globalThis.site.location.assign('/next');
    }, !closed);
    if (closed) await page.close();
    await untilItWorks(async () => expect(await eventsOf(temas, path)).toEqual(['Came', 'Left']), 15_000);
    await page.context().close();
  });

  it('is asked again after the time that a 429 names by Segment, later by RudderStack, and has each call once', async () => {
    const tryOut = async (vendor: Vendor, mode: Mode): Promise<string[]> => {
      const source = `limited_${vendor}_${mode}`.toLowerCase();
      const writeKey = await createLimitedSource(temas, source);
      const path = `/limited/${source}`;
      const { page, deliveries } = await open(path, vendor, { url: temas.url, mode, writeKey });
      for (const event of ['First', 'Second']) {
        await track(page, event);
        await untilItWorks(async () => expect(deliveries.answered).toContain(event), 25_000);
      }
      expect(await eventsOf(temas, path)).toEqual(['First', 'Second']);
      await page.context().close();
      return deliveries.limited;
    };
    const [plain, batch, rudder] = await Promise.all([
      tryOut('segment', 'plain'),
      tryOut('segment', 'batch'),
      tryOut('rudderStack', 'plain'),
    ]);
    // Their own back-off is shorter than the time named: an SDK that could not read it would be limited again.
    expect({ plain, batch }).toEqual({ plain: ['Second'], batch: ['Second'] });
    expect(new Set(rudder)).toEqual(new Set(['Second']));
  }, 60_000);

  describe('when Temas dies with requests stored but not answered', () => {
    const own = makeDataDir();
    const EVENTS = Array.from({ length: 24 }, (_, i) => `Call ${String(i).padStart(2, '0')}`);
    const SDKS: readonly (readonly [Vendor, Mode])[] = [
      ['segment', 'plain'],
      ['segment', 'batch'],
      ['rudderStack', 'plain'],
      ['rudderStack', 'batch'],
      ['jitsu', 'plain'],
    ];
    const sent = new Map<string, Deliveries>();
    let mortal: TemasProcess;

    beforeAll(async () => {
      const env = { TEMAS_PORT: await freePort() };
      mortal = await TemasProcess.start(own.path, { killAt: 'appended:8', env });
      const pages = await Promise.all(
        SDKS.map(async ([vendor, mode]) => {
          const path = `/killed/${vendor}-${mode}`;
          const { page, deliveries } = await open(path, vendor, { url: mortal.url, mode });
          sent.set(path, deliveries);
          return page;
        }),
      );
      const callAll = async (events: string[]): Promise<void> => {
        for (const event of events) await Promise.all(pages.map((page) => track(page, event)));
      };
      await callAll(EVENTS.slice(0, 18));
      await mortal.exited;
      mortal = await TemasProcess.start(own.path, { env });
      await callAll(EVENTS.slice(18));
    }, 60_000);

    afterAll(async () => {
      await mortal.stop();
      own.remove();
    });

    it.each(SDKS.slice(0, 4))('has every call of %s, %s, once', async (vendor, mode) => {
      const path = `/killed/${vendor}-${mode}`;
      const { answered } = sent.get(path) as Deliveries;
      await untilItWorks(async () => expect([...answered].sort()).toEqual(EVENTS), 25_000);
      expect(await eventsOf(mortal, path)).toEqual(EVENTS);
    });

    it('died while requests of more than one SDK were under way', () => {
      const cut = [...sent.values()].filter(({ unanswered }) => unanswered.size > 0);
      expect(cut.length).toBeGreaterThan(1);
    });

    it('has every call of jitsu once that was answered; it tries none again', async () => {
      const path = '/killed/jitsu-plain';
      const { answered, unanswered } = sent.get(path) as Deliveries;
      await untilItWorks(async () => expect(answered.size + unanswered.size).toBe(EVENTS.length), 15_000);
      const stored = await eventsOf(mortal, path);
      expect(stored).toEqual(expect.arrayContaining([...answered]));
      expect(new Set(stored).size).toBe(stored.length);
    });
  });

  it('has once what pages could not send while Temas was away, from the pages after them', async () => {
    const own = makeDataDir();
    const env = { TEMAS_PORT: await freePort() };
    let mortal = await TemasProcess.start(own.path, { env });
    const options = { url: mortal.url, mode: 'plain' } as const;
    const visitors = await Promise.all(
      (['segment', 'rudderStack'] as const).map(async (vendor) => {
        const path = `/away/${vendor}`;
        return { vendor, path, ...(await open(path, vendor, options)) };
      }),
    );
    const forEach = (action: (visitor: (typeof visitors)[number]) => Promise<unknown>): Promise<unknown> =>
      Promise.all(visitors.map(action));
    await forEach(async ({ page, deliveries }) => {
      await track(page, 'Before');
      await untilItWorks(async () => expect([...deliveries.answered]).toEqual(['Before']), 15_000);
    });
    await mortal.kill();
    await forEach(async ({ page, deliveries }) => {
      await track(page, 'During');
      await untilItWorks(async () => expect([...deliveries.unanswered]).toEqual(['During']), 15_000);
      await page.goto(`${site.url}/next`);
    });
    mortal = await TemasProcess.start(own.path, { env });
    const all = ['After', 'Before', 'During'];
    await forEach(async ({ page, path, vendor, deliveries }) => {
      await visit(page, `${path}/back`, vendor, options);
      await track(page, 'After');
      // RudderStack's takes over the queue of a page that is gone ten seconds later.
      await untilItWorks(async () => expect([...deliveries.answered].sort()).toEqual(all), 25_000);
      expect(await eventsOf(mortal, path)).toEqual(all);
    });
    await mortal.stop();
    own.remove();
  }, 60_000);
});

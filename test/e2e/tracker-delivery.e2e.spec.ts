import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findChromium } from '../support/browser.ts';
import { untilItWorks } from '../support/retry.ts';
import { names, ready, run, TrackerWorld } from '../support/tracker-world.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'NOT CHECKED: no Chromium in PATH or TEMAS_CHROMIUM, so the delivery of our browser snippet was not tried',
  );
}
const inChromium = chromium === undefined ? describe.skip : describe;

inChromium('the browser snippet delivers', () => {
  let world: TrackerWorld;

  beforeAll(async () => {
    world = await TrackerWorld.start(chromium as string);
  }, 60_000);

  afterEach(() => world.leave());
  afterAll(() => world.stop());

  const numbered = (count: number, name = 'Call'): string[] =>
    Array.from({ length: count }, (_, i) => `${name} ${i + 1}`);

  it('every call of two pages, once, in the order of calls', async () => {
    const url = world.site.add('/two', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/a?utm_campaign=spring&utm_source=mail&gclid=g1`);
    await run(
      page,
      `temas.track('Product Viewed', { sku: 's-1', price: 12.5, note: 'ş€😀' });
       temas.identify('u-two', { plan: 'pro' });
       temas.group('acme', { name: 'Acme' });
       temas.alias('u-two');`,
    );
    await run(page, `location.assign('${url}/b')`);
    await page.waitForURL(`${url}/b`);
    await run(
      page,
      `temas.page('Shop', 'Basket', { items: 2 }); temas.track('Order Completed', { order_id: 'two-1' });`,
    );
    const rows = await world.arrived('/two', 8);
    expect(names(rows)).toEqual([
      ...['page', 'Product Viewed', 'identify', 'group', 'alias'],
      ...['page', 'page', 'Order Completed'],
    ]);
    const [first, viewed, identify, group, , landed, basket, order] = rows;
    expect(first?.context).toMatchObject({
      campaign: { name: 'spring', source: 'mail' },
      clickIds: { gclid: 'g1' },
      temas: { seq: 1 },
      consent: { categoryPreferences: {} },
    });
    expect(viewed?.properties).toEqual({ sku: 's-1', price: 12.5, note: 'ş€😀' });
    expect(identify).toMatchObject({ user_id: 'u-two', traits: { plan: 'pro' } });
    expect(group?.traits).toEqual({ name: 'Acme' });
    expect(landed).toMatchObject({
      path: '/two/b',
      referrer: `${url}/a?utm_campaign=spring&utm_source=mail&gclid=g1`,
    });
    expect(basket).toMatchObject({ event: 'Basket', properties: { items: 2 } });
    expect(order).toMatchObject({ user_id: 'u-two', properties: { order_id: 'two-1' } });
    expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
    expect(new Set(rows.map((row) => row.context.temas.session)).size).toBe(1);
    expect(new Set(rows.map((row) => row.profile_id)).size).toBe(1);
    expect(rows.map((row) => row.context.temas.seq)).toEqual([1, 2, 3, 4, 5, 1, 2, 3]);
  });

  it('what is called in the task that leaves the page', async () => {
    const url = world.site.add('/leave', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/1`);
    await ready(page);
    for (const step of [2, 3, 4]) {
      await run(page, `temas.track('Left ${step}'); location.assign('${url}/${step}');`);
      await page.waitForURL(`${url}/${step}`);
      await ready(page);
    }
    await run(page, `temas.track('Closed')`);
    await page.close({ runBeforeUnload: true });
    const rows = await world.arrived('/leave', 8);
    expect(names(rows)).toEqual(['page', 'Left 2', 'page', 'Left 3', 'page', 'Left 4', 'page', 'Closed']);
  });

  it('what is called by the last listeners of a page', async () => {
    const url = world.site.add('/last', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/1`);
    await ready(page);
    await run(
      page,
      `addEventListener('pagehide', () => { temas.track('One'); temas.track('Two'); });
       document.addEventListener('visibilitychange', () => temas.track('Three'));
       location.assign('${url}/2');`,
    );
    await page.waitForURL(`${url}/2`);
    const rows = await world.arrived('/last', 5);
    expect(names(rows).sort()).toEqual(['One', 'Three', 'Two', 'page', 'page']);
  });

  it('whatever happens to the clock', async () => {
    const url = world.site.add('/clock', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(url);
    await ready(page);
    await run(
      page,
      `const { now } = Date;
       Date.now = () => now() + 36e5; temas.track('Ahead');
       Date.now = () => now() - 36e5; temas.track('Behind');
       Date.now = now; temas.track('Right');`,
    );
    const rows = await world.arrived('/clock', 4);
    expect(rows.map(({ context }) => context.temas.seq).sort()).toEqual([1, 2, 3, 4]);
  });

  it('what was called offline, later, from a tab that is gone too', async () => {
    const url = world.site.add('/offline', { options: world.options() });
    const visitor = await world.visitor();
    const [stays, goes] = [await visitor.newPage(), await visitor.newPage()];
    await stays.goto(`${url}/stays`);
    await goes.goto(`${url}/goes`);
    await world.arrived('/offline', 2);
    await visitor.setOffline(true);
    await run(stays, `temas.track('Stays 1'); temas.track('Stays 2')`);
    await run(goes, `temas.track('Goes 1'); temas.track('Goes 2')`);
    const closed = goes.waitForEvent('close');
    await goes.close({ runBeforeUnload: true });
    await closed;
    await visitor.setOffline(false);
    const rows = await world.arrived('/offline', 6);
    expect(names(rows)).toEqual(['page', 'page', 'Stays 1', 'Stays 2', 'Goes 1', 'Goes 2']);
  });

  it('a stored event from one of two tabs only', async () => {
    const url = world.site.add('/tabs', { options: world.options() });
    const visitor = await world.visitor();
    const sent: string[] = [];
    visitor.on('request', (request) => {
      const body = request.method() === 'POST' ? request.postData() : null;
      for (const { event } of body === null
        ? []
        : (JSON.parse(body) as { batch: { event?: string }[] }).batch)
        if (event !== undefined) sent.push(event);
    });
    const first = await visitor.newPage();
    await first.goto(url);
    await ready(first);
    await world.arrived('/tabs', 1);
    await visitor.route('**/e/v1/batch', (route) => route.abort());
    await run(
      first,
      numbered(30)
        .map((name) => `temas.track('${name}');`)
        .join(''),
    );
    await first.close();
    await visitor.unroute('**/e/v1/batch');
    sent.length = 0;
    const tabs = await Promise.all([visitor.newPage(), visitor.newPage(), visitor.newPage()]);
    await Promise.all(tabs.map((tab) => tab.goto(url)));
    await Promise.all(tabs.map((tab) => run(tab, `temas.track('New')`)));
    const rows = await world.arrived('/tabs', 37);
    expect(names(rows).filter((name) => name.startsWith('Call'))).toEqual(numbered(30));
    expect(sent.filter((name) => name.startsWith('Call'))).toEqual(numbered(30));
  });

  it.each([
    ['with', ''],
    ['without', `<script>Object.defineProperty(navigator, 'locks', { value: undefined })</script>`],
  ])('what a page called that crashed, from the next, %s locks', async (how, before) => {
    const url = world.site.add(`/crash-${how}`, { options: world.options(), before });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    let down = false;
    await visitor.route('**/e/v1/batch', (route) => (down ? route.abort() : route.continue()));
    await page.goto(`${url}/1`);
    await world.arrived(`/crash-${how}`, 1);
    down = true;
    await run(
      page,
      numbered(5)
        .map((name) => `temas.track('${name}');`)
        .join(''),
    );
    await page.goto('chrome://crash').catch(() => undefined);
    down = false;
    const next = await visitor.newPage();
    await next.goto(`${url}/2`);
    expect(names(await world.arrived(`/crash-${how}/1`, 6))).toEqual(['page', ...numbered(5)]);
  });

  it('a burst of 1,000 calls', async () => {
    const url = world.site.add('/burst', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(url);
    await ready(page);
    await run(page, `for (let i = 1; i <= 1000; i++) temas.track('Call ' + i, { i })`);
    const rows = await world.arrived('/burst', 1_001);
    expect(names(rows)).toEqual(['page', ...numbered(1_000)]);
    expect(
      rows.every(({ properties, event }) => event === '' || event === `Call ${String(properties.i)}`),
    ).toBe(true);
  });

  it('a burst of 1,000 calls of a page that goes at once', async () => {
    const url = world.site.add('/gone', { options: world.options() });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    await page.goto(`${url}/1`);
    await ready(page);
    await run(page, `for (let i = 1; i <= 1000; i++) temas.track('Call ' + i); location.assign('${url}/2')`);
    await page.waitForURL(`${url}/2`);
    const rows = await world.arrived('/gone', 1_002);
    const order = rows
      .filter(({ path }) => path === '/gone/1')
      .sort((a, b) => a.context.temas.seq - b.context.temas.seq);
    expect(names(order)).toEqual(['page', ...numbered(1_000)]);
    expect(rows.length).toBe(1_002);
  });

  it('everything, when Temas is killed in the middle', async () => {
    const url = world.site.add('/killed', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/1`);
    await ready(page);
    await run(page, `i = 0; timer = setInterval(() => temas.track('Call ' + ++i), 25)`);
    await page.waitForTimeout(500);
    await world.temas.kill();
    await page.waitForTimeout(500);
    const called = Number(await page.evaluate('clearInterval(timer), i'));
    await page.goto(`${url}/2`);
    await run(page, `temas.track('After')`);
    await world.revive();
    expect(names(await world.arrived('/killed/2', 2))).toEqual(['page', 'After']);
    const rows = await world.arrived('/killed/1', 1 + called);
    expect(names(rows)).toEqual(['page', ...numbered(called)]);
    expect(called).toBeGreaterThan(10);
  }, 60_000);

  it('from a page that comes back from the cache of left pages', async () => {
    const url = world.site.add('/back', {
      options: world.options(),
      body: `<script>addEventListener('pageshow', (e) => e.persisted && temas.track('Restored'))</script>`,
    });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/1`);
    await ready(page);
    await run(page, `temas.track('Before'); location.assign('${url}/2')`);
    await page.waitForURL(`${url}/2`);
    await ready(page);
    // The page is not asked any more: Playwright does not follow pages out of this cache.
    await run(page, `temas.track('There'); history.back()`);
    const rows = await world.arrived('/back', 6);
    expect(names(rows)).toEqual(['page', 'Before', 'page', 'There', 'Restored', 'page']);
    expect(rows.filter(({ path }) => path === '/back/1').map(({ context }) => context.temas.seq)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('with a storage that is full', async () => {
    const url = world.site.add('/full', {
      options: world.options(),
      before: `<script>
        for (let size = 2 ** 22; size >= 1; size /= 2)
          try { for (let i = 0; ; i++) localStorage.setItem(size + '-' + i, 'x'.repeat(size)); } catch {}
      </script>`,
    });
    const page = await (await world.visitor()).newPage();
    await page.goto(url);
    await run(page, `try { localStorage.setItem('more', 'xxxxxxxx'); full = false } catch { full = true }`);
    expect(await page.evaluate('full')).toBe(true);
    await run(
      page,
      numbered(40)
        .map((name) => `temas.track('${name}');`)
        .join(''),
    );
    expect(names(await world.arrived('/full', 41))).toEqual(['page', ...numbered(40)]);
  });

  it('with cookies and storage blocked', async () => {
    const url = world.site.add('/blocked', { options: world.options() });
    const visitor = await world.visitor();
    await visitor.addInitScript(() => {
      const forbidden = {
        get: () => {
          throw new Error('SecurityError');
        },
      };
      Object.defineProperty(globalThis, 'localStorage', forbidden);
      const { document } = globalThis as unknown as { document: object };
      Object.defineProperty(document, 'cookie', { ...forbidden, set: forbidden.get });
    });
    const page = await visitor.newPage();
    await page.goto(url);
    await run(page, `temas.track('One'); temas.identify('u-blocked'); temas.track('Two')`);
    const rows = await world.arrived('/blocked', 4);
    expect(names(rows)).toEqual(['page', 'One', 'identify', 'Two']);
    expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
    expect(rows[3]?.user_id).toBe('u-blocked');
  });

  it('the siblings of what is refused', async () => {
    const url = world.site.add('/refused', { options: world.options() });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    await visitor.route('**/e/v1/batch', (route) =>
      route.request().postData()?.includes('Poison') ? route.fulfill({ status: 400 }) : route.continue(),
    );
    await page.goto(url);
    await run(
      page,
      `temas.track('Huge', { text: 'x'.repeat(40000) }); temas.track('Larger', { text: 'ş'.repeat(70000) });`,
    );
    const calls = numbered(9);
    calls.splice(5, 0, 'Poison');
    await run(page, calls.map((name) => `temas.track('${name}');`).join(''));
    expect(names(await world.arrived('/refused', 10))).toEqual(['page', ...numbered(9)]);
    await page.waitForFunction(`!Object.keys(localStorage).some((key) => key.startsWith('temas.q.'))`);
  });

  it('after a server that is busy, not before it may, from the next page too', async () => {
    const url = world.site.add('/busy', { options: world.options() });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    const at: number[] = [];
    await visitor.route('**/e/v1/batch', (route) => {
      // The last word of a page is a beacon, and does not wait.
      if (route.request().resourceType() === 'ping') return route.abort();
      at.push(Date.now());
      if (at.length > 1) return route.continue();
      return route.fulfill({
        status: 429,
        headers: {
          'retry-after': '2',
          'access-control-allow-origin': '*',
          'access-control-expose-headers': 'Retry-After',
        },
      });
    });
    await page.goto(`${url}/1`);
    await run(page, `temas.track('Busy')`);
    await untilItWorks(async () => expect(at.length).toBe(1));
    await page.goto(`${url}/2`);
    expect(names(await world.arrived('/busy', 3))).toEqual(['page', 'Busy', 'page']);
    expect(at.length).toBe(2);
    expect((at[1] as number) - (at[0] as number)).toBeGreaterThanOrEqual(2_000);
  });

  it('nothing into the page that throws', async () => {
    const url = world.site.add('/hostile', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    await ready(page);
    await run(
      page,
      `const cycle = {}; cycle.self = cycle;
       for (const value of [undefined, null, 0, 1n, 'x', cycle, () => {}, Symbol('s'), new Proxy({}, { ownKeys() { throw 1 } })])
         for (const name of ['page', 'track', 'identify', 'group', 'alias', 'consent', 'ready']) temas[name](value, value, value);
       temas.reset(); temas.track('Sound');`,
    );
    await untilItWorks(async () => expect(names(await world.seen('/hostile'))).toContain('Sound'));
    expect(errors).toEqual([]);
  });
});

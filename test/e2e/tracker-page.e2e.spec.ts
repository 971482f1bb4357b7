import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { findChromium } from '../support/browser.ts';
import { untilItWorks } from '../support/retry.ts';
import { names, ready, run, TrackerWorld } from '../support/tracker-world.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'NOT CHECKED: no Chromium in PATH or TEMAS_CHROMIUM, so our browser snippet was not tried in a page',
  );
}
const inChromium = chromium === undefined ? describe.skip : describe;

inChromium('the browser snippet in a page', () => {
  let world: TrackerWorld;

  beforeAll(async () => {
    world = await TrackerWorld.start(chromium as string);
  }, 60_000);

  afterEach(() => world.leave());
  afterAll(() => world.stop());

  /** Addresses asked for, but for the pages themselves. */
  function requestsOf(visitor: BrowserContext): string[] {
    const asked: string[] = [];
    visitor.on('request', (request) => {
      if (!request.isNavigationRequest() && !request.url().startsWith('data:')) asked.push(request.url());
    });
    return asked;
  }

  async function stored(visitor: BrowserContext, url: string): Promise<string[]> {
    const cookies = await visitor.cookies();
    const page = visitor.pages()[0];
    const keys = (await page?.evaluate('Object.keys(localStorage)')) as string[];
    expect(page?.url()).toContain(url);
    return [...cookies.map(({ name }) => name), ...keys].sort();
  }

  it('sees the views of an application without loads', async () => {
    const url = world.site.add('/spa', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}/a`);
    await ready(page);
    await run(
      page,
      `history.pushState({}, '', '/spa/b?tab=1'); temas.track('On B');
       history.replaceState({}, '', '/spa/b?tab=1'); history.replaceState({}, '', '/spa/b?tab=1#part');
       history.pushState({}, '', '/spa/c#/inner'); temas.track('On C');`,
    );
    await page.goBack();
    const rows = await world.arrived('/spa', 6);
    expect(rows.map(({ path, referrer }) => [path, referrer.replace(world.site.url, '')])).toEqual([
      ['/spa/a', ''],
      ['/spa/b', '/spa/a'],
      ['/spa/b', '/spa/a'],
      ['/spa/c', '/spa/b?tab=1'],
      ['/spa/c', '/spa/b?tab=1'],
      ['/spa/b', '/spa/c#/inner'],
    ]);
    expect(names(rows)).toEqual(['page', 'page', 'On B', 'page', 'On C', 'page']);
    const times = rows.map(({ at }) => at);
    expect(new Set(times).size).toBe(times.length);
  });

  it('keeps calls that were made before the script is there', async () => {
    const url = world.site.add('/early', {
      options: world.options({ pageViews: false }),
      body: `<script>const { track } = temas; track('One'); temas.identify('u-early'); temas.ready((t) => t.track('Three')); temas.track('Two')</script>`,
    });
    const visitor = await world.visitor();
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    await visitor.route('**/t.js', async (route) => {
      await late;
      await route.continue();
    });
    const page = await visitor.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction('temas.q?.length === 4');
    answer();
    const rows = await world.arrived('/early', 4);
    expect(names(rows).filter((name) => name !== 'Three')).toEqual(['One', 'identify', 'Two']);
    expect(rows.length).toBe(4);
  });

  it('gives a new person after reset, and sets one cookie for the whole site', async () => {
    const url = world.site.add('/reset', { options: world.options() });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    await page.goto(url);
    await run(page, `temas.identify('u-first'); temas.track('Mine'); temas.reset(); temas.track('Theirs')`);
    const rows = await world.arrived('/reset', 4);
    const [, , mine, theirs] = rows;
    expect(mine?.user_id).toBe('u-first');
    expect(theirs?.user_id).toBe('');
    expect(theirs?.anonymous_id).not.toBe(mine?.anonymous_id);
    expect(theirs?.profile_id).not.toBe(mine?.profile_id);
    expect(theirs?.context.temas.session).not.toBe(mine?.context.temas.session);
    const cookies = await visitor.cookies();
    expect(cookies.map(({ name }) => name).sort()).toEqual(['temas_id', 'temas_s']);
    expect(await stored(visitor, url)).toEqual(['temas_id', 'temas_s']);
  });

  it('does nothing at all before consent where it is required, and tells of it', async () => {
    const url = world.site.add('/ask', { options: world.options({ consent: 'required' }) });
    const visitor = await world.visitor();
    const asked = requestsOf(visitor);
    const page = await visitor.newPage();
    await page.goto(url);
    await run(page, `temas.track('Early'); temas.consent({ marketing: false })`);
    await page.goto(`${url}/refused`);
    await run(page, `temas.consent({ analytics: false }); temas.track('Refused')`);
    await page.waitForTimeout(500);
    expect(asked).toEqual([]);
    expect(await stored(visitor, url)).toEqual([]);

    await page.goto(`${url}/agreed`);
    await run(
      page,
      `temas.track('Asked'); temas.consent({ analytics: true, marketing: false }); temas.track('Agreed')`,
    );
    const rows = await world.arrived('/ask', 4);
    expect(names(rows)).toEqual(['page', 'Asked', 'Consent Updated', 'Agreed']);
    const said = { analytics: true, marketing: false };
    expect(rows[2]?.properties).toEqual({ categoryPreferences: said });
    expect(rows[3]?.context.consent).toMatchObject({ categoryPreferences: said });

    await page.goto(`${url}/next`);
    await world.arrived('/ask', 5);
    await run(
      page,
      `temas.consent(${JSON.stringify(said)}); temas.consent({ analytics: false }); temas.track('Too Late')`,
    );
    const all = await world.arrived('/ask', 6);
    expect(names(all).slice(4)).toEqual(['page', 'Consent Updated']);
    expect(all[5]?.properties).toEqual({ categoryPreferences: { analytics: false, marketing: false } });
    expect(await stored(visitor, url)).toEqual([]);
    asked.length = 0;
    await page.goto(`${url}/after`);
    await page.waitForTimeout(300);
    expect(asked).toEqual([]);
  });

  it('remembers a refusal where nothing had to be asked', async () => {
    const url = world.site.add('/object', { options: world.options() });
    const visitor = await world.visitor();
    const page = await visitor.newPage();
    await page.goto(url);
    await run(page, `temas.consent({ analytics: false })`);
    await world.arrived('/object', 2);
    await untilItWorks(async () => expect(await stored(visitor, url)).toEqual(['temas_c']));
    await page.goto(`${url}/next`);
    await run(page, `temas.track('Never')`);
    await page.goto(`${url}/agrees`);
    await run(page, `temas.consent({ analytics: true }); temas.track('Again')`);
    const rows = await world.arrived('/object', 4);
    expect(names(rows)).toEqual(['page', 'Consent Updated', 'Consent Updated', 'Again']);
  });

  it("reads Google's consent mode and Global Privacy Control", async () => {
    const tag = `<script>
      window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
      gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied', wait_for_update: 500 });
    </script>`;
    const url = world.site.add('/mode', { options: world.options(), before: tag });
    const visitor = await world.visitor();
    await visitor.addInitScript(() => {
      const { navigator } = globalThis as unknown as { navigator: object };
      Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
    });
    const asked = requestsOf(visitor);
    const page = await visitor.newPage();
    await page.goto(url);
    await run(page, `temas.track('Waits'); gtag('event', 'x')`);
    await page.waitForTimeout(300);
    expect(asked).toEqual([]);
    await run(page, `gtag('consent', 'update', { analytics_storage: 'granted', ad_storage: 'denied' })`);
    const rows = await world.arrived('/mode', 3);
    expect(names(rows)).toEqual(['page', 'Waits', 'Consent Updated']);
    expect(rows[2]?.context.consent).toEqual({
      categoryPreferences: { analytics: true, ad_storage: false },
      gpc: true,
    });
    await run(page, `gtag('consent', 'update', { ad_storage: 'granted' })`);
    const later = await world.arrived('/mode', 4);
    expect(later[3]?.properties).toEqual({ categoryPreferences: { analytics: true, ad_storage: true } });
  });

  it('works under a strict content security policy, with integrity', async () => {
    const url = world.site.add('/strict', {
      options: world.options({ capture: ['clicks'] }),
      nonce: 'n0nce',
      integrity: true,
      body: `<button data-temas-event="Pressed" data-temas-plan="pro"><b>go</b></button>`,
    });
    const page = await (await world.visitor()).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${url}?temas_debug`);
    await page.waitForFunction(`document.querySelectorAll('script[src]').length === 3`);
    await untilItWorks(async () => {
      await page.click('b');
      expect(names(await world.seen('/strict'))).toContain('Pressed');
    });
    expect(complaints.filter((text) => /security policy|integrity/i.test(text))).toEqual([]);
  });

  it('comes as a package too', async () => {
    const page = await (await world.visitor()).newPage();
    await page.goto(`${world.site.url}/package`);
    await page.evaluate(`import('/scripts/npm/index.js').then(({ startTracker }) => {
      const temas = startTracker(${JSON.stringify(world.options())});
      startTracker({}).track('Bundled', { same: temas === startTracker({}) });
    })`);
    const rows = await world.arrived('/package', 2);
    expect(names(rows)).toEqual(['page', 'Bundled']);
    expect(rows[1]?.properties).toEqual({ same: true });
  });

  it('makes calls of clicks, forms, links, scrolling, errors and vitals, without secrets', async () => {
    const url = world.site.add('/auto', {
      options: world.options({ capture: ['clicks', 'forms', 'outbound', 'scroll', 'vitals', 'errors'] }),
      body: `<div style="height:4000px"><a id="out" href="https://shop.example/x?y=1">Shop</a><a id="in" href="#top">Top</a>
        <form id="signup" action="/join" onsubmit="return false">
          <input name="email" value="a@example.com"><input name="password" type="password" value="p4ss">
          <input name="number" value="4111 1111 1111 1111"><input name="cvc" value="123">
          <input name="note" value="private" data-temas-ignore><input type="hidden" name="csrf" value="t">
          <input name="exp" autocomplete="cc-exp" value="12/30"><input type="checkbox" name="news" value="yes" checked>
          <select name="size"><option selected>XL</option></select><button>Join</button>
        </form></div>`,
    });
    const page = await (await world.visitor()).newPage();
    await page.route('https://shop.example/**', (route) => route.fulfill({ body: 'shop' }));
    await page.goto(url);
    await page.waitForLoadState('load');
    await run(page, `document.getElementById('out').addEventListener('click', (e) => e.preventDefault())`);
    await page.click('#out');
    await page.click('#in');
    await page.click('button');
    await run(page, `setTimeout(() => { throw new Error('broken') }); Promise.reject(new Error('unkept'));`);
    await run(page, `scrollTo(0, 2200)`);
    await world.arrived('/auto', 7);
    await page.goto(`${world.site.url}/elsewhere`);
    const rows = await world.arrived('/auto', 8);
    const of = (name: string): object[] =>
      rows.filter(({ event }) => event === name).map((row) => row.properties);
    expect(of('Outbound Link Clicked')).toEqual([{ url: 'https://shop.example/x?y=1', text: 'Shop' }]);
    expect(of('Form Submitted')).toEqual([
      { form: 'signup', action: '/join', fields: { email: 'a@example.com', news: 'yes', size: 'XL' } },
    ]);
    expect(of('Error Occurred')).toMatchObject(
      [{ message: /broken/ }, { message: 'unkept' }].map(({ message }) => ({
        message: expect.stringMatching(message),
      })),
    );
    expect(of('Scroll Depth Reached')).toEqual([{ percent: 25 }, { percent: 50 }]);
    expect(of('Web Vitals Measured')).toEqual([
      expect.objectContaining({ cls: expect.any(Number), ttfb: expect.any(Number) }),
    ]);
  });

  it('shows each call and what became of it to who debugs', async () => {
    const url = world.site.add('/debug', { options: world.options() });
    const page = await (await world.visitor()).newPage();
    await page.goto(`${url}?temas_debug`);
    await run(page, `temas.track('Fine'); temas.track('   ')`);
    const shown = (): Promise<string> =>
      page.evaluate(`document.querySelector('temas-debug').shadowRoot.textContent`);
    await untilItWorks(async () => {
      const text = await shown();
      expect(text).toMatch(/confirmedtrack Fine/);
      expect(text).toMatch(/refused: event is required/);
    });
  });
});

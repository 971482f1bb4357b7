import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { findChromium } from '../support/browser.ts';
import { untilItWorks } from '../support/retry.ts';
import { KEYS } from '../support/temas-process.ts';
import { names, ready, run, TrackerWorld } from '../support/tracker-world.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'NOT CHECKED: no Chromium in PATH or TEMAS_CHROMIUM, so no visitor was handed over or kept by a cookie',
  );
}
const inChromium = chromium === undefined ? describe.skip : describe;

const DAY = 24 * 3600;

inChromium('the browser snippet knows a visitor', () => {
  let world: TrackerWorld;

  beforeAll(async () => {
    world = await TrackerWorld.start(chromium as string);
  }, 60_000);

  afterEach(() => world.leave());
  afterAll(() => world.stop());

  /** A visitor, and the ends of the addresses under `/e/v1/` that their browser asked for, without the batches. */
  async function watched(): Promise<{ visitor: BrowserContext; asked: string[] }> {
    const visitor = await world.visitor();
    const asked: string[] = [];
    visitor.on('request', (request) => {
      const what = request.url().split('/e/v1/')[1];
      if (what !== undefined && what !== 'batch') asked.push(what);
    });
    return { visitor, asked };
  }

  async function deviceCookie(
    visitor: BrowserContext,
  ): Promise<{ value: string; domain: string; days: number } | undefined> {
    const found = (await visitor.cookies()).filter(({ name }) => name === 'temas_id');
    expect(found.length).toBeLessThan(2);
    const [cookie] = found;
    if (cookie === undefined) return undefined;
    const { value, domain, expires } = cookie;
    return { value, domain, days: (expires - Date.now() / 1_000) / DAY };
  }

  async function tokenFor(anonymousId: string): Promise<string> {
    const answer = await fetch(`${world.temas.url}/e/v1/handover`, {
      method: 'POST',
      body: JSON.stringify({ writeKey: KEYS.write, anonymousId }),
    });
    return ((await answer.json()) as { token: string }).token;
  }

  describe('by a cookie of the server', () => {
    /** Temas under a name of the shop's own domain. */
    const own = (): string => world.temas.url.replace('127.0.0.1', 'collect.shop.example');

    /** As Safari has it: what a script sets is forgotten after a week. */
    const forgetful = (visitor: BrowserContext): Promise<unknown> =>
      visitor.addInitScript(`
        const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
        Object.defineProperty(document, 'cookie', {
          get: () => get.call(document),
          set: (text) => set.call(document, text.replace('max-age=34560000', 'max-age=604800')),
        });`);

    it('that lives on where those of scripts do not, once a session', async () => {
      const options = world.options({ host: own(), cookie: 'server' });
      world.site.add('/kept', { options });
      const url = `${world.site.named('www.shop.example')}/kept`;
      const { visitor, asked } = await watched();
      await forgetful(visitor);
      const page = await visitor.newPage();
      await page.goto(`${url}/1`);
      const kept = await untilItWorks(async () => {
        const cookie = await deviceCookie(visitor);
        expect(cookie?.days).toBeGreaterThan(399);
        return cookie;
      });
      expect(kept?.domain).toBe('.shop.example');
      await page.waitForFunction(`document.cookie.includes('temas_k=')`);
      await page.goto(`${url}/2`);
      await ready(page);
      await page.waitForTimeout(800);
      const rows = await world.arrived('/kept', 2);
      expect(rows.map((row) => row.anonymous_id)).toEqual([kept?.value, kept?.value]);
      expect(asked).toEqual(['cookie']);

      await run(page, `temas.reset(); temas.track('Next Person')`);
      await untilItWorks(async () => {
        const cookie = await deviceCookie(visitor);
        expect(cookie?.value).not.toBe(kept?.value);
        expect(cookie?.days).toBeGreaterThan(399);
      });
      expect(asked).toEqual(['cookie', 'cookie']);

      await run(page, `temas.consent({ analytics: false })`);
      await page.waitForTimeout(800);
      expect((await visitor.cookies()).map(({ name }) => name)).toEqual(['temas_c']);
      expect(asked.length).toBe(2);
    });

    it('that does not bring back whom a refusal has forgotten', async () => {
      world.site.add('/forget', { options: world.options({ host: own(), cookie: 'server' }) });
      const { visitor } = await watched();
      let go = (): void => undefined;
      const refused = new Promise<void>((resolve) => (go = resolve));
      await visitor.route('**/e/v1/cookie', async (route) => {
        await refused;
        await route.continue();
      });
      const page = await visitor.newPage();
      const request = page.waitForRequest('**/e/v1/cookie');
      await page.goto(`${world.site.named('www.shop.example')}/forget`);
      await request;
      await run(page, `temas.consent({ analytics: false })`);
      const answer = page.waitForResponse('**/e/v1/cookie');
      go();
      expect((await answer).status()).toBe(204);
      await untilItWorks(async () => {
        expect((await visitor.cookies()).map(({ name }) => name)).toEqual(['temas_c']);
      }, 5_000);
    });

    it('not before a yes, and not from a server of another domain', async () => {
      world.site.add('/unasked', {
        options: world.options({ host: own(), cookie: 'server', consent: 'required' }),
      });
      world.site.add('/foreign', { options: world.options({ cookie: 'server' }) });
      const { visitor, asked } = await watched();
      const page = await visitor.newPage();
      await page.goto(`${world.site.named('www.shop.example')}/unasked`);
      await page.waitForTimeout(300);
      await page.goto(`${world.site.named('www.shop.example')}/foreign`);
      await world.arrived('/foreign', 1);
      await page.waitForTimeout(700);
      expect(asked).toEqual([]);
      await page.goto(`${world.site.named('www.shop.example')}/unasked`);
      await run(page, `temas.consent({ analytics: true })`);
      await untilItWorks(async () => expect(asked).toEqual(['cookie']), 5_000);
    });
  });

  describe('who comes from another site', () => {
    const LINK = ['shop.example', 'blog.example'];

    /** The same pages on both sites, with a link to the blog and forms. */
    function bothSites(path: string, more: object = {}): { shop: string; blog: string } {
      const [shop, blog] = [world.site.named('www.shop.example'), world.site.named('blog.example')];
      world.site.add(path, {
        options: world.options({ link: LINK, ...more }),
        body: `<a id="go" href="${blog}${path}/landed?q=a%20b+c#part">Blog</a>
          <a id="stay" href="${shop}${path}/inside">Inside</a>
          <form action="${blog}${path}/found"><input name="q" value="x y"><button id="get">Find</button></form>
          <form action="${shop}${path}/none" method="post"><input name="a" value="b">
            <button id="post" formaction="${blog}${path}/posted?x=1">Send</button></form>`,
      });
      return { shop: `${shop}${path}`, blog: `${blog}${path}` };
    }

    /** Does what a hand with a mouse does, slowly enough for a token. */
    async function go(page: Page, id: string, options: { button?: 'middle' } = {}): Promise<void> {
      const token = page.waitForResponse('**/e/v1/handover');
      await page.hover(id);
      await token;
      // The answer is there; its text, a moment later.
      await page.waitForTimeout(100);
      await page.click(id, options);
    }

    it('as the same device, by links and forms, once a token', async () => {
      const { shop, blog } = bothSites('/hop');
      const { visitor, asked } = await watched();
      const page = await visitor.newPage();
      await page.goto(`${shop}/1`);
      await ready(page);
      await page.waitForFunction(`document.querySelectorAll('script[src$="t.site.js"]').length === 1`);
      await page.waitForLoadState('load');
      await go(page, '#go');
      await page.waitForURL(`${blog}/landed?q=a%20b+c#part`);
      const rows = await world.arrived('/hop', 2);
      expect(rows.map(({ path }) => path)).toEqual(['/hop/1', '/hop/landed']);
      expect(rows[1]?.context.page).toMatchObject({
        url: `${blog}/landed?q=a%20b+c#part`,
        search: '?q=a%20b+c',
      });
      expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
      expect(asked).toEqual(['handover', 'handover/redeem']);

      for (const [id, landed] of [
        ['#get', '/found?q=x+y'],
        ['#post', '/posted?x=1'],
      ] as const) {
        const other = await watched();
        const tab = await other.visitor.newPage();
        await tab.goto(`${shop}/from`);
        await tab.waitForLoadState('load');
        await go(tab, id);
        await tab.waitForURL(`${blog}${landed}`);
        const there = await world.arrived(`/hop${landed.split('?')[0] as string}`, 1);
        const ids = (await other.visitor.cookies()).filter(({ name }) => name === 'temas_id');
        expect(new Set(ids.map(({ value }) => value))).toEqual(new Set([there[0]?.anonymous_id]));
        expect(ids.map(({ domain }) => domain).sort()).toEqual(['.blog.example', '.shop.example']);
      }
    });

    it('in another tab too, and leaves no token in the page or in links inside', async () => {
      const { shop, blog } = bothSites('/tab', { capture: ['outbound'] });
      const { visitor, asked } = await watched();
      const page = await visitor.newPage();
      await page.goto(shop);
      await page.waitForLoadState('load');
      const href = await page.getAttribute('#go', 'href');
      const opened = visitor.waitForEvent('page');
      await go(page, '#go', { button: 'middle' });
      const tab = await opened;
      await tab.waitForURL(`${blog}/landed?q=a%20b+c#part`);
      expect(await page.getAttribute('#go', 'href')).toBe(href);
      const rows = await world.arrived('/tab', 3);
      expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
      const clicked = rows.find(({ event }) => event === 'Outbound Link Clicked');
      expect(clicked?.properties).toEqual({ url: href, text: 'Blog' });

      asked.length = 0;
      await page.click('#stay');
      await page.waitForURL(`${shop}/inside`);
      expect(asked).toEqual([]);
    });

    it('with an id of their own, as one profile', async () => {
      const { shop, blog } = bothSites('/own');
      const { visitor } = await watched();
      const page = await visitor.newPage();
      await page.goto(`${blog}/before`);
      const [before] = await world.arrived('/own', 1);
      await page.goto(`${shop}/1`);
      await page.waitForLoadState('load');
      await go(page, '#go');
      await page.waitForURL(`${blog}/landed?q=a%20b+c#part`);
      const rows = await world.arrived('/own', 4);
      const [, shopped, ...landed] = rows;
      expect(names(landed).sort()).toEqual(['identify', 'page']);
      expect(shopped?.anonymous_id).not.toBe(before?.anonymous_id);
      for (const row of landed) expect(row.anonymous_id).toBe(before?.anonymous_id);
      await untilItWorks(async () => {
        expect(new Set((await world.seen('/own')).map((row) => row.profile_id)).size).toBe(1);
      });
    });

    it('as another person where another is known', async () => {
      const { shop, blog } = bothSites('/else');
      const page = await (await world.visitor()).newPage();
      await page.goto(`${blog}/before`);
      await run(page, `temas.identify('u-blog')`);
      await world.arrived('/else', 2);
      await page.goto(`${shop}/1`);
      await page.waitForLoadState('load');
      await run(page, `temas.identify('u-shop')`);
      await world.arrived('/else', 4);
      await go(page, '#go');
      await page.waitForURL(`${blog}/landed?q=a%20b+c#part`);
      const rows = await world.arrived('/else', 6);
      const profileOf = (id: string): string | undefined =>
        rows.find(({ user_id }) => user_id === id)?.profile_id;
      expect(profileOf('u-shop')).not.toBe(profileOf('u-blog'));
      for (const row of rows.slice(4)) expect(row.profile_id).toBe(profileOf('u-blog'));
    });

    it('without a token that is forged, used or not there in time', async () => {
      const { shop, blog } = bothSites('/bad');
      const token = await tokenFor('device-of-a-friend');
      const ids: (string | undefined)[] = [];
      for (const [i, given] of [token, token, 'forged', `${token}x`].entries()) {
        const { visitor, asked } = await watched();
        const page = await visitor.newPage();
        const answer = page.waitForResponse('**/e/v1/handover/redeem');
        await page.goto(`${blog}/${i}?temas_v=${given}`);
        expect((await answer).status()).toBe(i === 0 ? 200 : 410);
        const [row] = await world.arrived(`/bad/${i}`, 1);
        expect(row?.context.page).toMatchObject({ url: `${blog}/${i}` });
        expect(page.url()).toBe(`${blog}/${i}`);
        expect(asked).toEqual(['handover/redeem']);
        ids.push(row?.anonymous_id);
      }
      expect(ids[0]).toBe('device-of-a-friend');
      expect(new Set(ids).size).toBe(4);

      const { visitor } = await watched();
      await visitor.route('**/e/v1/handover', () => undefined);
      const page = await visitor.newPage();
      await page.goto(`${shop}/slow`);
      await page.waitForLoadState('load');
      const landing = page.waitForRequest((request) => request.url().includes('/bad/landed'));
      await page.click('#go');
      expect((await landing).url()).toBe(`${blog}/landed?q=a%20b+c`);
    });

    it('without waiting long for the answer, and without losing what a page called that is left before', async () => {
      const { blog } = bothSites('/late');
      const { visitor } = await watched();
      let go = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (go = resolve));
      await visitor.route('**/e/v1/handover/redeem', async (route) => {
        await arrived;
        await route.continue();
      });
      const page = await visitor.newPage();
      await page.goto(`${blog}/1?temas_v=${await tokenFor('device-from-shop')}`);
      await run(page, `temas.track('Meanwhile')`);
      const [first] = await world.arrived('/late/1', 2);
      expect(first?.anonymous_id).not.toBe('device-from-shop');
      go();
      const rows = await world.arrived('/late/1', 3);
      expect(names(rows)).toEqual(['page', 'Meanwhile', 'identify']);
      expect(rows[2]?.context).toMatchObject({
        externalIds: [{ id: 'device-from-shop', type: 'anonymous_id' }],
      });

      const other = await watched();
      await other.visitor.route('**/e/v1/handover/redeem', () => undefined);
      const left = await other.visitor.newPage();
      const asked = left.waitForRequest('**/e/v1/handover/redeem');
      await left.goto(`${blog}/left?temas_v=${await tokenFor('device-from-shop')}`);
      await asked;
      await run(left, `temas.track('Quick'); location.assign('${world.site.url}/elsewhere')`);
      expect(names(await world.arrived('/late/left', 2))).toEqual(['page', 'Quick']);
    });

    it('only if they agree', async () => {
      const asks = bothSites('/asks', { consent: 'required' });
      const token = await tokenFor('device-from-shop');
      const { visitor, asked } = await watched();
      const page = await visitor.newPage();
      await page.goto(`${asks.shop}/1`);
      await page.hover('#go');
      await page.goto(`${asks.blog}/1?temas_v=${token}`);
      await page.hover('#go');
      await page.waitForTimeout(300);
      expect(asked).toEqual([]);
      await run(page, `temas.consent({ analytics: true })`);
      const rows = await world.arrived('/asks', 2);
      expect(names(rows)).toEqual(['page', 'Consent Updated']);
      expect(rows[0]).toMatchObject({ anonymous_id: 'device-from-shop', path: '/asks/1' });
      expect(rows[0]?.context.page).toMatchObject({ url: `${asks.blog}/1` });

      const free = bothSites('/free');
      const other = await watched();
      const tab = await other.visitor.newPage();
      await tab.goto(`${free.blog}/1`);
      await run(tab, `temas.consent({ analytics: false })`);
      await world.arrived('/free', 2);
      await tab.goto(`${free.blog}/2?temas_v=${await tokenFor('device-from-shop')}`);
      await tab.waitForURL(`${free.blog}/2`);
      await tab.goto(`${free.blog}/3`);
      await tab.waitForLoadState('load');
      await tab.hover('#get');
      await tab.waitForTimeout(300);
      expect(other.asked).toEqual([]);
      expect((await other.visitor.cookies()).map(({ name }) => name)).toEqual(['temas_c']);
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface Links {
  readonly links: (string | null)[];
  readonly errors?: readonly { index: number; field: string }[];
}

const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
const PROXY = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';

describe('links in mails', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function make(links: unknown[]): Promise<Links> {
    const { status, body } = await temas.sendWith(KEYS.write, 'links', { links });
    expect(status).toBe(200);
    return body as unknown as Links;
  }

  async function open(url: string, agent = BROWSER, method = 'GET'): Promise<Response> {
    return fetch(url, { method, redirect: 'manual', headers: { 'user-agent': agent } });
  }

  it('tells opens and clicks of the person the mail went to, without naming them in the address', async () => {
    const campaign = { name: 'spring', medium: 'email' };
    const { links } = await make([
      { kind: 'open', userId: 'reader-1', email: 'reader@example.com', campaign },
      { kind: 'click', url: 'https://shop.example/sale?x=1', userId: 'reader-1', campaign },
    ]);
    const [picture, click] = links as [string, string];
    for (const address of [picture, click]) {
      expect(address).not.toMatch(/reader|example|shop/);
      expect(Buffer.from(address.split('/').at(-1) as string, 'base64url').toString()).not.toContain(
        'reader',
      );
    }
    const gif = await open(picture);
    expect([gif.status, gif.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect(gif.headers.get('cache-control')).toMatch(/no-store/);
    await open(picture, PROXY);
    await open(picture, BROWSER, 'HEAD');
    const redirect = await open(click);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      302,
      'https://shop.example/sale?x=1',
    ]);

    const { position } = (await temas.send('track', { userId: 'reader-1', event: 'After' })).body;
    const rows = await temas.sql(
      `SELECT event, user_id, campaign, channel, is_bot, JSONExtractString(context, 'ip') AS ip,
              JSONExtractString(properties, 'link_url') AS link
       FROM events WHERE event LIKE 'Email%' ORDER BY position`,
      position,
    );
    const row = { user_id: 'reader-1', campaign: 'spring', channel: 'email', ip: '127.0.0.1', link: '' };
    expect(rows).toEqual([
      { event: 'Email Opened', ...row, is_bot: 0 },
      { event: 'Email Opened', ...row, is_bot: 1 },
      { event: 'Email Link Clicked', ...row, is_bot: 0, link: 'https://shop.example/sale?x=1' },
    ]);
  });

  it('is no open redirect: nothing but what a server source asked for is followed', async () => {
    const { links } = await make([{ kind: 'click', url: 'https://shop.example/', userId: 'u' }]);
    const click = links[0] as string;
    const at = click.length - 10;
    const touched = click.slice(0, at) + (click[at] === 'A' ? 'B' : 'A') + click.slice(at + 1);
    for (const forged of [touched, `${temas.url}/e/c/abc`, click.replace('/e/c/', '/e/o/')]) {
      const answer = await open(forged);
      expect(answer.headers.get('location')).toBeNull();
    }
    expect((await open(touched)).status).toBe(404);
    const bad = await make([
      { kind: 'click', url: 'javascript:alert(1)', userId: 'u' },
      { kind: 'click', url: 'https://shop.example/' },
      { kind: 'open', userId: 'u' },
    ]);
    expect(bad.links.map((link) => typeof link)).toEqual(['object', 'object', 'string']);
    expect(bad.errors?.map(({ index, field }) => [index, field])).toEqual([
      [0, 'url'],
      [1, ''],
    ]);
  });

  it('makes links for server sources only', async () => {
    const { body } = await temas.call<{ writeKey: string }>('POST', '/v1/sources', {
      source: 'browser',
      trust: 'client',
    });
    const links = [{ kind: 'open', userId: 'u' }];
    expect((await temas.sendWith(body.writeKey, 'links', { links })).status).toBe(403);
    expect((await temas.sendWith('nobody-has-this-key', 'links', { links })).status).toBe(401);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';
import type { IngestAnswer } from '../support/temas-process.ts';
import { untilItWorks } from '../support/retry.ts';

interface Created {
  readonly writeKey: string;
}

interface LogLine {
  readonly type: string;
  readonly envelope?: { readonly source: string };
  readonly ids?: readonly string[];
  readonly payload?: { readonly webhook?: { readonly item: { readonly buyer: unknown } } };
}

const MINUTE = 60_000;

describe('webhooks', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function source(settings: Record<string, unknown>): Promise<string> {
    const { status, body } = await temas.call<Created>('POST', '/v1/sources', settings);
    expect([status, typeof body.writeKey]).toEqual([201, 'string']);
    return body.writeKey;
  }

  async function post(
    key: string,
    body: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<{ status: number; body: IngestAnswer }> {
    const response = await fetch(`${temas.url}/v1/sources/${key}/webhook`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as IngestAnswer };
  }

  it('takes an array as a touchpoint per item, once however often it is delivered', async () => {
    const key = await source({ source: 'mailer', trust: 'server', mapping: { vendor: 'sendgrid' } });
    const agent = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
    const common = {
      email: 'Ayse@Example.com',
      timestamp: 1_700_000_000,
      sg_event_id: 'same',
      sg_message_id: 'm',
    };
    const delivery = JSON.stringify([
      { ...common, event: 'delivered', response: '250 OK' },
      { ...common, event: 'open', useragent: agent, ip: '66.249.84.231' },
      {
        ...common,
        event: 'open',
        useragent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0',
        ip: '203.0.113.7',
      },
      { ...common, event: 'click', url: 'https://shop.example/' },
    ]);
    const first = await post(key, delivery);
    const again = await post(key, delivery);
    expect([first.status, again.status, again.body.position]).toEqual([200, 200, first.body.position]);
    const rows = await temas.sql<{ event: string; is_bot: number }>(
      `SELECT event, kind, is_bot, toUnixTimestamp(occurred_at) AS at FROM events
       WHERE source = 'mailer' ORDER BY position`,
      first.body.position,
    );
    expect(rows).toEqual([
      { event: 'Email Delivered', kind: 'track', is_bot: 0, at: 1_700_000_000 },
      { event: 'Email Opened', kind: 'track', is_bot: 1, at: 1_700_000_000 },
      { event: 'Email Opened', kind: 'track', is_bot: 0, at: 1_700_000_000 },
      { event: 'Email Link Clicked', kind: 'track', is_bot: 0, at: 1_700_000_000 },
    ]);
    const lookup = { namespace: 'email', value: 'ayse@example.com' };
    expect((await temas.call('POST', '/v1/profiles/lookup', lookup)).status).toBe(200);
  });

  it('makes one order of what a shop tells of it', async () => {
    const key = await source({ source: 'shop', trust: 'server', mapping: { vendor: 'shopify' } });
    const order = {
      id: 450789469,
      email: 'buyer@example.com',
      created_at: '2026-01-10T11:00:00-05:00',
      updated_at: '2026-01-10T11:00:00-05:00',
      currency: 'TRY',
      total_price: '120.00',
      subtotal_price: '100.00',
      total_tax: '20.00',
      customer: { id: 207119551, email: 'buyer@example.com' },
      line_items: [{ id: 1, product_id: 7, title: 'Mug', quantity: 2, price: '50.00', sku: 'MUG' }],
    };
    await post(key, JSON.stringify(order), { 'x-shopify-topic': 'orders/create' });
    const paid = { ...order, updated_at: '2026-01-10T11:05:00-05:00', financial_status: 'paid' };
    const { body } = await post(key, JSON.stringify(paid), { 'x-shopify-topic': 'orders/paid' });
    const rows = await temas.sql(`SELECT order_id, status, currency, gross FROM orders`, body.position);
    expect(rows).toEqual([{ order_id: '450789469', status: 'completed', currency: 'TRY', gross: 100 }]);
    const items = await temas.sql('SELECT sku, quantity FROM order_items', body.position);
    expect(items).toEqual([{ sku: 'MUG', quantity: 2 }]);
  });

  it('lets nobody in without the signature that its source asks for', async () => {
    const secret = 'shpss_0123456789abcdef';
    const key = await source({
      source: 'signed',
      trust: 'server',
      mapping: { vendor: 'shopify' },
      signature: { scheme: { name: 'shopify' }, secret },
    });
    const body = JSON.stringify({ id: 1, email: 'signed@example.com' });
    const good = createHmac('sha256', secret).update(body).digest('base64');
    const topic = { 'x-shopify-topic': 'customers/create' };
    expect((await post(key, body, topic)).status).toBe(401);
    expect((await post(key, `${body} `, { ...topic, 'x-shopify-hmac-sha256': good })).status).toBe(401);
    expect((await post(key, body, { ...topic, 'x-shopify-hmac-sha256': good })).status).toBe(200);
    expect((await post('tw_nobody', body, topic)).status).toBe(401);
  });

  it('keeps the item of a vendor it does not know, as it came, under the person it names', async () => {
    const key = await source({ source: 'desk', trust: 'server' });
    const form = new URLSearchParams({ event: 'ticket.closed', customer_email: 'desk@example.com' });
    expect((await post(key, form.toString(), {})).status).toBe(200);
    const big = '{"type":"call.ended","id":94857068804950690,"customer":{"email":"desk@example.com"}}';
    const { body } = await post(key, big, {});
    const rows = await temas.sql<{ event: string; properties: string }>(
      `SELECT event, properties FROM events WHERE source = 'desk' ORDER BY position`,
      body.position,
    );
    expect(rows.map(({ event }) => event)).toEqual(['ticket.closed', 'call.ended']);
    expect(rows[1]?.properties).toContain('94857068804950690');
    for (const broken of ['', '<xml/>', '{"a":']) expect((await post(key, broken, {})).status).toBe(400);
  });

  it(
    'reads old items anew after a better mapping, and finds whom they were about',
    async () => {
      const key = await source({
        source: 'till',
        trust: 'server',
        mapping: { vendor: 'custom', fields: {} },
      });
      const receipt = (n: number, card: string): string =>
        JSON.stringify({
          what: 'sale',
          no: n,
          when: '2026-03-01T10:00:00Z',
          buyer: { karte: card },
          mail: null,
        });
      await post(key, receipt(1, 'C-1'));
      const { body } = await post(key, receipt(2, 'C-1'));
      const nobody = await temas.sql(
        `SELECT DISTINCT event, profile_id FROM events WHERE source = 'till'`,
        body.position,
      );
      expect(nobody).toEqual([
        { event: 'Webhook Received', profile_id: '00000000-0000-0000-0000-000000000000' },
      ]);
      const fields = { event: '=Till Sale', externalIds: { loyalty_id: 'buyer.karte' }, timestamp: 'when' };
      const changed = await temas.call('PATCH', '/v1/sources/till', {
        mapping: { vendor: 'custom', fields },
      });
      expect(changed.status).toBe(200);
      await rebuilt();
      const rows = await untilItWorks(async () => {
        const found = await temas.sql<{ profile_id: string }>(
          `SELECT event, toString(occurred_at) AS at, profile_id FROM events WHERE source = 'till' ORDER BY position`,
        );
        expect(new Set(found.map(({ profile_id }) => profile_id)).size).toBe(1);
        expect(found[0]?.profile_id).not.toMatch(/^0{8}-/);
        return found;
      });
      const [first] = rows;
      expect(rows).toEqual(
        Array.from({ length: 2 }, () => ({
          event: 'Till Sale',
          at: '2026-03-01 10:00:00.000',
          profile_id: first?.profile_id,
        })),
      );
      const { body: profile } = await temas.call<{ id: string }>('POST', '/v1/profiles/lookup', {
        namespace: 'loyalty_id',
        value: 'C-1',
      });
      expect(profile.id).toBe(first?.profile_id);
      const { body: events } = await temas.get<{ events: unknown[] }>(`/v1/profiles/${profile.id}/events`);
      expect(events.events).toHaveLength(2);
      // Derived once: another rebuild finds nothing new and equals the live tables.
      expect((await rebuilt()).equal).toBe(true);
    },
    3 * MINUTE,
  );

  it('stands in the log as it came, sealed, with what was derived later beside it', async () => {
    const env = { ...process.env, NODE_OPTIONS: '', TEMAS_DATA_DIR: data.path, TEMAS_WRITE_KEY: KEYS.write };
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    const cli = ['dist/run/temas.js', 'log'];
    const { stdout } = await promisify(execFile)(process.execPath, cli, options);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
    const till = lines.filter(({ envelope }) => envelope?.source === 'till');
    const raw = till.filter(({ type }) => type === 'Touchpoint').map(({ payload }) => payload?.webhook);
    expect(raw.map((webhook) => webhook?.item.buyer)).toEqual([{ karte: 'C-1' }, { karte: 'C-1' }]);
    const derived = till.filter(({ type }) => type === 'IdentifierDerived');
    expect(derived.map(({ ids }) => ids?.[0])).toEqual(['C-1', 'C-1']);
  });

  async function rebuilt(): Promise<{ equal: boolean }> {
    expect((await temas.call('POST', '/v1/projections/rebuild')).status).toBe(202);
    return untilItWorks(async () => {
      const { body } = await temas.get<{ status: string; equal: boolean }>('/v1/projections/rebuild');
      expect(body.status).toBe('succeeded');
      return body;
    });
  }

  it('is asked by vendors whether it is there', async () => {
    const there = await fetch(`${temas.url}/v1/sources/${KEYS.write}/webhook`);
    expect(there.status).toBe(200);
    expect((await fetch(`${temas.url}/v1/sources/tw_nobody/webhook`)).status).toBe(401);
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';
import type { Answer } from '../support/temas-process.ts';

interface Figures {
  readonly source: string;
  readonly events: number;
  readonly [count: string]: unknown;
}

interface Report {
  readonly from: string;
  readonly to: string;
  readonly sources: readonly Figures[];
  readonly days: readonly (Figures & { readonly day: string })[];
}

interface Alerts {
  readonly alerts: readonly { rule: string; source: string; state: string; value: number | null }[];
}

describe('data quality', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let shop: string;
  let position: string;

  const today = (): string => new Date().toISOString().slice(0, 10);

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    const { body } = await temas.call<{ writeKey: string }>('POST', '/v1/sources', { source: 'shop' });
    shop = body.writeKey;
    await temas.call('PUT', '/v1/schemas', {
      event: 'Order Completed',
      schema: { type: 'object', required: ['order_id'] },
    });
    const old = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const track = { type: 'track', userId: 'u-1', event: 'Order Completed', properties: { order_id: 'o-1' } };
    const identify = { type: 'identify', userId: 'u-2' };
    const batch = [
      { ...track, messageId: 'm-1' },
      { ...track, messageId: 'm-1' },
      { ...track, messageId: 'm-2', properties: {} },
      { ...track, messageId: 'm-3', event: 'Ordr Completed' },
      { ...track, messageId: 'm-4', timestamp: old },
      { ...track, messageId: 'm-5', timestamp: 'yesterday' },
      {
        ...identify,
        messageId: 'm-6',
        traits: { email: 'ali@gmial.com', phone: '0532 123 45 67', name: 'Ali' },
      },
      { ...identify, messageId: 'm-7', traits: { email: 'test@test.com', phone: '444 0 123' } },
      { ...identify, messageId: 'm-8', traits: { email: 'x@mailinator.com' } },
      { type: 'page', messageId: 'm-9', anonymousId: 'null' },
      { type: 'track', messageId: 'm-10', userId: 'u-1' },
      'no item',
    ];
    const sent = await temas.sendWith(shop, 'batch', { batch });
    expect(sent.body.errors).toHaveLength(2);
    await temas.sendWith(shop, 'batch', { batch: batch.slice(0, 1) });
    position = sent.body.position as string;
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  const EXPECTED = {
    source: 'shop',
    events: 9,
    refused: 2,
    duplicates: 2,
    validEvents: 5,
    identifyEvents: 3,
    withUserId: 3,
    withEmail: 3,
    withPhone: 2,
    withName: 1,
    unattributed: 1,
    blocked: 2,
    invalid: 1,
    corrected: 1,
    suggested: 0,
    disposable: 1,
    late: 1,
    badTimes: 1,
    schemaViolations: 1,
    unknownEvents: 1,
    validity: 5 / 11,
    completeness: 9 / 12,
    duplicateRate: 2 / 11,
  };

  /** What was refused or came again is written down by the collector, a moment later. */
  async function report(query = ''): Promise<Report> {
    for (let i = 0; ; i++) {
      const { body } = await temas.get<Report>(`/v1/quality?after=${position}&source=shop${query}`);
      if (i === 50 || (body.sources[0]?.refused === 2 && body.sources[0].duplicates === 2)) return body;
      await pause(200);
    }
  }

  it('counts by source and day what was stored, and what was not', async () => {
    const { sources, days, from, to } = await report();
    expect(sources).toEqual([EXPECTED]);
    expect(days).toEqual([{ ...EXPECTED, day: today() }]);
    expect([to, from < to]).toEqual([today(), true]);
    const rows = await temas.sql<Record<string, unknown>>(
      "SELECT source, events, refused, late, validity, duplicates FROM data_quality WHERE source = 'shop'",
    );
    expect(rows).toEqual([
      { source: 'shop', events: '9', refused: '2', late: '1', validity: 5 / 11, duplicates: '2' },
    ]);
    const codes = await temas.sql(
      "SELECT outcome, code FROM arrival_tallies WHERE source = 'shop' ORDER BY ALL",
    );
    expect(codes).toContainEqual({ outcome: 'refused', code: 'missing_field' });
    const none = await temas.get<Report>('/v1/quality?from=2001-01-01&to=2001-01-02');
    expect(none.body).toMatchObject({ sources: [], days: [] });
  });

  it.each([
    'from=yesterday',
    'from=2026-02-30',
    'from=2026-01-02&to=2026-01-01',
    'from=2020-01-01&to=2026-01-01',
  ])('refuses %s', async (query) => {
    const { status, body } = await temas.get<{ detail: string }>(`/v1/quality?${query}`);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/"from"|"to"/)]);
  });

  it('fires rules, in the API and in the metrics', async () => {
    await report();
    const set = (name: string, body: object): Promise<Answer<object>> =>
      temas.call('PUT', `/v1/quality/rules/${name}`, body);
    expect(
      (await set('shop-valid', { kind: 'validity', source: 'shop', hours: 1, below: 0.9, atLeast: 5 }))
        .status,
    ).toBe(200);
    await set('shop-fair', { kind: 'validity', source: 'shop', hours: 1, below: 0.4, atLeast: 5 });
    await set('many', { kind: 'validity', source: 'shop', hours: 1, below: 0.9, atLeast: 500 });
    await set('quiet', { kind: 'silent', hours: 1 });
    expect((await set('wrong', { kind: 'validity', hours: 1, below: 7 })).status).toBe(400);
    expect((await set('wrong', { kind: 'silent', hours: 1, source: 'nowhere' })).status).toBe(404);
    const { body } = await temas.get<Alerts>('/v1/quality/alerts');
    const states = body.alerts.map(({ rule, source, state }) => `${rule} ${source} ${state}`);
    expect(states.sort()).toEqual([
      'many shop unknown',
      'quiet default ok',
      'quiet shop ok',
      'shop-fair shop ok',
      'shop-valid shop firing',
    ]);
    expect(body.alerts.find(({ rule }) => rule === 'shop-valid')?.value).toBeCloseTo(5 / 11);
    const metrics = await (await fetch(`${temas.url}/metrics`)).text();
    expect(metrics).toContain(
      'temas_quality_alert{workspace="default",rule="shop-valid",source="shop",kind="validity"} 1',
    );
    expect(metrics).toContain(
      'temas_quality_alert{workspace="default",rule="quiet",source="shop",kind="silent"} 0',
    );
    expect((await temas.call('DELETE', '/v1/quality/rules/many')).status).toBe(200);
    expect((await temas.call('DELETE', '/v1/quality/rules/many')).status).toBe(404);
    await set('quiet', { kind: 'silent', hours: 0.01, source: 'default' });
    const { body: left } = await temas.get<{ rules: { name: string }[] }>('/v1/quality/rules');
    expect(left.rules.map(({ name }) => name)).toEqual(['shop-valid', 'shop-fair', 'quiet']);
  });

  it('shows a page in English and in Turkish, to those who hold a key', async () => {
    const open = (query: string, authorization?: string): Promise<Response> =>
      fetch(`${temas.url}/v1/quality/page?${query}`, { headers: authorization ? { authorization } : {} });
    const basic = `Basic ${Buffer.from(`anybody:${KEYS.analyst}`).toString('base64')}`;
    const refused = await open('');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Basic'),
    ]);
    const page = await open('', basic);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toContain('<h1>Data quality</h1>');
    expect(html).toContain('45.5%');
    expect(html).not.toMatch(/<script|src=|https?:/);
    expect(await (await open('language=tr', basic)).text()).toContain('<h1>Veri kalitesi</h1>');
    // Only the page takes Basic: a browser would send it along where another site asks.
    const rules = await fetch(`${temas.url}/v1/quality/rules`, { headers: { authorization: basic } });
    expect(rules.status).toBe(401);
  });

  it('tells what would become of typed values, and stores nothing', async () => {
    const { body } = await temas.call<{ results: object[] }>('POST', '/v1/quality/check', {
      values: [
        { kind: 'email', value: 'Şükrü@GMAİL.con' },
        { kind: 'phone', value: '0212 293 10 20 / 0532 123 45 67' },
        { kind: 'name', value: 'dr. AYŞE IŞIK' },
        { kind: 'national_id', value: '19191919190' },
      ],
    });
    expect(body.results).toMatchObject([
      {
        outcome: 'valid',
        canonical: 'şükrü@gmail.con',
        repair: { value: 'sukru@gmail.com', outcome: 'correction' },
      },
      {
        numbers: [
          { type: 'fixed_line', eligible: false },
          { value: '+905321234567', eligible: true },
        ],
      },
      { display: 'Ayşe Işık', title: 'Dr.' },
      { outcome: 'valid', value: '•••••••••90', kind: 'tckn' },
    ]);
    const bad = await temas.call<{ errors: { field: string }[] }>('POST', '/v1/quality/check', {
      values: [{ kind: 'shoe', value: '43' }],
    });
    expect([bad.status, bad.body.errors[0]?.field]).toEqual([400, 'values[0].kind']);
  });

  it('uses national ids only where a workspace says for what', async () => {
    const visit = (n: number): object => ({
      userId: `citizen-${n}`,
      context: { externalIds: [{ type: 'national_id', id: '19191919190' }] },
    });
    const off = await temas.send('identify', visit(1));
    expect(off.body.warnings).toMatchObject([{ code: 'identifier_invalid' }]);
    const use = { purpose: 'invoices', legalBasis: 'VUK 230' };
    expect((await temas.call('PUT', '/v1/settings/national-ids', use)).status).toBe(200);
    const on = await temas.send('identify', visit(2));
    expect(on.body.warnings).toBeUndefined();
    const found = await temas.call<{ userIds: string[]; identifiers: { value: string }[] }>(
      'POST',
      `/v1/profiles/lookup?after=${on.body.position as string}`,
      { namespace: 'national_id', value: '191 919 191 90' },
    );
    expect(found.body.userIds).toEqual(['citizen-2']);
    expect(found.body.identifiers.map(({ value }) => value)).toContain('•••••••••90');
    await temas.call('DELETE', '/v1/settings/national-ids');
    const again = await temas.send('identify', visit(3));
    expect(again.body.warnings).toMatchObject([{ code: 'identifier_invalid' }]);
  });

  it('is the same after a rebuild', async () => {
    const { body } = await temas.call<{ status: string }>('POST', '/v1/projections/rebuild');
    let state = body as { status: string; report?: { views: { view: string; equal: boolean }[] } };
    while (state.status === 'running') {
      await pause(200);
      state = (await temas.get<typeof state>('/v1/projections/rebuild')).body;
    }
    expect(state.report?.views.filter(({ equal }) => !equal)).toEqual([]);
    expect((await report()).sources).toEqual([EXPECTED]);
  }, 60_000);
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultPoint } from '#kernel';
import { bgNbdTimes, seeded } from '../../libs/analytics/src/testing/simulate.ts';
import { fitted, runCli, type ShownFit } from '../support/fits.ts';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface Identifier {
  readonly namespace: string;
  readonly anchor: string;
}

interface Certificate {
  readonly id: string;
  readonly state: 'running' | 'done';
  readonly profileId: string;
  readonly actor: string;
  readonly reason: string;
  readonly position: string;
  readonly finishedAt: string | null;
  readonly identifiers: readonly Identifier[];
  readonly kept: readonly Identifier[];
  readonly sharedWith: readonly Identifier[];
  readonly stores: {
    readonly keyStore: { readonly destroyed: number; readonly keysLeft: number };
    readonly stateStore: { readonly rowsLeft: number };
    readonly warehouse: { readonly rowsLeft: Record<string, number> };
  } | null;
}

interface Profile {
  readonly id: string;
  readonly traits: object;
}

const REASON = 'request 2026-114';
const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);

function at(day: number, minute = 0): string {
  return new Date(BEGIN + day * DAY_MS + minute * 60_000).toISOString();
}

/** A person who is met on a phone, logs in, agrees to something, mistypes an address and buys twice. */
function life(name: string, phone: string): object[] {
  const anonymousId = `${name}-phone`;
  const ids = { userId: name, anonymousId };
  const order = (n: number): object => ({
    order_id: `${name}-order-${n}`,
    revenue: 40 + n,
    currency: 'USD',
    products: [{ product_id: `p-${n}`, name: `A thing for ${name}`, price: 40 + n }],
  });
  const email = `${name}@example.com`;
  return [
    { type: 'page', anonymousId, properties: { path: `/for-${name}` }, timestamp: at(1) },
    {
      type: 'identify',
      ...ids,
      traits: { email, phone, firstName: name, plan: 'gold' },
      timestamp: at(1, 1),
    },
    { type: 'track', ...ids, event: 'Order Completed', properties: order(1), timestamp: at(1, 2) },
    {
      type: 'track',
      ...ids,
      event: 'Consent Updated',
      properties: { categoryPreferences: { analytics: true, marketing: false } },
      timestamp: at(1, 3),
    },
    { type: 'identify', userId: name, traits: { email: `${name}@gmial.com` }, timestamp: at(2) },
    { type: 'track', userId: name, event: 'Order Completed', properties: order(2), timestamp: at(40) },
  ];
}

/** Customers of a simulated shop, so that there is something to fit. */
function shop(customers: number): object[] {
  const random = seeded(customers);
  return Array.from({ length: customers }, (_, n) => {
    const first = Math.floor(random() * 120);
    const times = bgNbdTimes(random, { r: 0.6, alpha: 3, a: 0.8, b: 2.5 }, (360 - first) / 7);
    const days = new Set([first, ...times.map((weeks) => first + Math.ceil(weeks * 7))]);
    return [...days].map((day, i) => ({
      type: 'track',
      userId: `customer-${n}`,
      event: 'Order Completed',
      timestamp: at(day),
      properties: { order_id: `c-${n}-${i}`, revenue: 20 + (n % 7), currency: 'USD' },
    }));
  }).flat();
}

async function sendAll(temas: TemasProcess, items: readonly object[]): Promise<string> {
  let position = '0';
  for (let from = 0; from < items.length; from += 500) {
    const { body } = await temas.send('batch', { batch: items.slice(from, from + 500) });
    if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors[0]));
    position = body.position as string;
  }
  return position;
}

async function lookUp(temas: TemasProcess, namespace: string, value: string, after?: string) {
  const query = after === undefined ? '' : `?after=${after}&wait=60`;
  return temas.call<Profile>('POST', `/v1/profiles/lookup${query}`, { namespace, value });
}

/** Rows of any public view in which a text stands. */
async function rowsWith(temas: TemasProcess, text: string): Promise<Record<string, number>> {
  const views = await temas.sql<{ name: string }>(
    "SELECT DISTINCT table AS name FROM system.columns WHERE database = 'temas' ORDER BY name",
  );
  const found: Record<string, number> = {};
  for (const { name } of views) {
    const rows = await temas.sql(`SELECT * FROM ${name}`);
    const told = rows.filter((row) => JSON.stringify(row).toLowerCase().includes(text));
    if (told.length > 0) found[name] = told.length;
  }
  return found;
}

async function digests(temas: TemasProcess): Promise<object> {
  const { status, body } = await temas.get<{ views: object }>('/v1/projections/digests?wait=60');
  expect(status).toBe(200);
  return body.views;
}

async function rebuilt(temas: TemasProcess): Promise<{ equal: boolean; different: string[] }> {
  type State = {
    status: string;
    equal: boolean;
    report?: { views: readonly { view: string; equal: boolean }[] };
  };
  // One that follows an erasure may still be under way.
  while ((await temas.call('POST', '/v1/projections/rebuild')).status !== 202) await pause(50);
  for (;;) {
    const { body } = await temas.get<State>('/v1/projections/rebuild');
    if (body.status === 'running') {
      await pause(50);
      continue;
    }
    expect(body.status).toBe('succeeded');
    const different = body.report?.views.flatMap(({ view, equal }) => (equal ? [] : view)) ?? [];
    return { equal: body.equal, different };
  }
}

async function done(temas: TemasProcess, id: string): Promise<Certificate> {
  for (;;) {
    const { status, body } = await temas.get<Certificate>(`/v1/privacy/erasures/${id}`);
    expect(status).toBe(200);
    if (body.state === 'done') return body;
    await pause(50);
  }
}

function everythingOf({ stores }: Certificate): number[] {
  return [
    stores?.keyStore.keysLeft ?? -1,
    stores?.stateStore.rowsLeft ?? -1,
    ...Object.values(stores?.warehouse.rowsLeft ?? { none: -1 }),
  ];
}

describe('a person who is erased', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let ayse: string;
  let veli: object;
  let guest: string;
  let certificate: Certificate;
  let fitBefore: ShownFit;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    // Two profiles that become one: the id of the absorbed one must be gone too.
    const early = await sendAll(temas, [
      { type: 'page', anonymousId: 'ayse-tablet', properties: { path: '/ayse' }, timestamp: at(0) },
    ]);
    guest = (await lookUp(temas, 'anonymous_id', 'ayse-tablet', early)).body.id;
    const position = await sendAll(temas, [
      ...life('ayse', '+905321112233'),
      ...life('veli', '+905324445566'),
      { type: 'identify', userId: 'ayse', anonymousId: 'ayse-tablet', timestamp: at(3) },
      ...shop(180),
    ]);
    ayse = (await lookUp(temas, 'user_id', 'ayse', position)).body.id;
    veli = (await lookUp(temas, 'user_id', 'veli')).body;
    fitBefore = await fitted(temas, { model: 'bg_nbd', currency: 'USD' });
  }, 120_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  it('is everywhere before', async () => {
    expect(Object.keys(await rowsWith(temas, 'ayse'))).toEqual(
      expect.arrayContaining(['corrections', 'events', 'order_items', 'orders', 'profiles', 'sessions']),
    );
    expect(fitBefore.status).toBe('succeeded');
    const scored = await temas.sql(`SELECT 1 AS n FROM profile_scores WHERE profile_id = '${ayse}'`);
    expect(scored).toHaveLength(1);
  }, 120_000);

  it.each([
    [{ profileId: 'ffffffff-ffff-5fff-8fff-ffffffffffff', reason: REASON }, 404],
    [{ namespace: 'email', value: 'nobody@example.com', reason: REASON }, 404],
    [{ profileId: 'x', reason: REASON }, 400],
    [{ reason: REASON }, 400],
    [{ namespace: 'email', reason: REASON }, 400],
    [{ profileId: 'ffffffff-ffff-5fff-8fff-ffffffffffff' }, 400],
  ])('is not found by %j', async (body, status) => {
    const answer = await temas.call<{ detail: string }>('POST', '/v1/privacy/erasures', body);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).not.toBe('');
  });

  it('is erased by an order, and a certificate tells what was looked at', async () => {
    const { status, body } = await temas.call<Certificate>('POST', '/v1/privacy/erasures', {
      namespace: 'email',
      value: 'Ayse@Example.com',
      reason: REASON,
      actor: 'staff-7',
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ profileId: ayse, actor: 'admin:staff-7', reason: REASON });
    certificate = await done(temas, body.id);
    expect(certificate.identifiers.map(({ namespace }) => namespace).sort()).toEqual(
      ['anonymous_id', 'anonymous_id', 'email', 'email', 'phone', 'user_id'].sort(),
    );
    expect(certificate).toMatchObject({ kept: [], sharedWith: [] });
    // The guessed address goes with what it was guessed from.
    expect(certificate.stores?.keyStore.destroyed).toBe(certificate.identifiers.length + 1);
    expect(new Set(everythingOf(certificate))).toEqual(new Set([0]));
  }, 120_000);

  it('is nowhere after', async () => {
    expect(await rowsWith(temas, 'ayse')).toEqual({});
    for (const id of [ayse, guest]) {
      for (const path of ['', '/events', '/identifiers', '/consents', '/decisions', '/explanation']) {
        const { status, body } = await temas.get<{ detail: string }>(`/v1/profiles/${id}${path}`);
        expect([path, status]).toEqual([path, 410]);
        expect(body.detail).toContain('erased');
      }
      expect((await temas.get(`/v1/profiles/${id}?asOf=2026-01-01T00:00:00Z`)).status).toBe(410);
    }
    for (const [namespace, value] of [
      ['email', 'ayse@example.com'],
      ['email', 'ayse@gmail.com'],
      ['phone', '+905321112233'],
      ['user_id', 'ayse'],
      ['anonymous_id', 'ayse-tablet'],
    ] as const)
      expect((await lookUp(temas, namespace, value)).status).toBe(404);
    for (const table of [
      'events',
      'orders',
      'order_items',
      'sessions',
      'profiles',
      'identities',
      'profile_scores',
    ])
      expect([table, await temas.sql(`SELECT 1 FROM ${table} WHERE profile_id = '${ayse}'`)]).toEqual([
        table,
        [],
      ]);
  }, 120_000);

  it('leaves others as they were', async () => {
    expect((await lookUp(temas, 'user_id', 'veli')).body).toEqual(veli);
    const [row] = await temas.sql(
      "SELECT count() AS orders, sum(net) AS net FROM orders WHERE order_id LIKE 'veli-%'",
    );
    expect(row).toMatchObject({ orders: '2', net: 83 });
  });

  it('cannot be erased twice', async () => {
    for (const profileId of [ayse, guest]) {
      const again = await temas.call<Certificate>('POST', '/v1/privacy/erasures', {
        profileId,
        reason: REASON,
      });
      expect([again.status, again.body]).toEqual([200, certificate]);
    }
    const byEmail = await temas.call<{ detail: string }>('POST', '/v1/privacy/erasures', {
      namespace: 'email',
      value: 'ayse@example.com',
      reason: REASON,
    });
    expect(byEmail.status).toBe(410);
  });

  it('is not let in again, and is left out of what others do', async () => {
    const refused = await temas.send('batch', {
      batch: [
        { type: 'track', userId: 'ayse', event: 'Came back' },
        { type: 'track', userId: 'veli', event: 'Stayed' },
      ],
    });
    expect(refused.body.errors).toMatchObject([{ index: 0, code: 'suppressed' }]);
    const gift = await temas.send('track', {
      userId: 'veli',
      event: 'Gift Sent',
      context: { traits: { email: 'ayse@example.com' } },
      properties: { to: 'AYSE@example.com', card: 'birthday' },
    });
    expect(await rowsWith(temas, 'ayse')).toEqual({});
    const rows = await temas.sql<{ properties: string }>(
      "SELECT properties FROM events WHERE event = 'Gift Sent'",
      gift.body.position,
    );
    expect(rows.map(({ properties }) => JSON.parse(properties) as object)).toEqual([{ card: 'birthday' }]);
  });

  it('is not in the next fit, whose data show it', async () => {
    const fit = await fitted(temas, { model: 'bg_nbd', currency: 'USD' });
    expect(fit.customers).toBe(fitBefore.customers - 1);
    expect(fit.dataDigest).not.toBe(fitBefore.dataDigest);
  }, 120_000);

  it('is as if they had never been read: a rebuild and a kill end with the same rows', async () => {
    const live = await digests(temas);
    expect(await rebuilt(temas)).toEqual({ equal: true, different: [] });
    expect(await digests(temas)).toEqual(live);
    await temas.kill();
    temas = await TemasProcess.start(data.path);
    expect(await digests(temas)).toEqual(live);
    expect((await temas.get<Certificate>(`/v1/privacy/erasures/${certificate.id}`)).body).toEqual(
      certificate,
    );
  }, 120_000);

  it('can be erased by the command line', async () => {
    const { id } = veli as Profile;
    const { code, printed } = await runCli(temas, data.path, [
      'erase',
      id,
      '--reason',
      REASON,
      '--actor',
      'staff-7',
    ]);
    expect([code, printed]).toEqual([0, expect.stringContaining('"state": "done"')]);
    expect((await temas.get(`/v1/profiles/${id}`)).status).toBe(410);
    expect(await rowsWith(temas, 'veli')).toEqual({});
  }, 120_000);
});

describe('an erasure', () => {
  it('is finished, however often the process dies on its way', async () => {
    const data = makeDataDir();
    let temas = await TemasProcess.start(data.path, { killAt: 'erasure-ordered' satisfies FaultPoint });
    const position = await sendAll(temas, [
      ...life('ayse', '+905321112233'),
      ...life('veli', '+905324445566'),
    ]);
    const profileId = (await lookUp(temas, 'user_id', 'ayse', position)).body.id;
    const veli = (await lookUp(temas, 'user_id', 'veli')).body;
    const order = { profileId, reason: REASON };
    await temas.call('POST', '/v1/privacy/erasures', order).catch(() => undefined);
    await temas.exited;
    for (const killAt of ['rows-erased', 'keys-destroyed'] satisfies FaultPoint[]) {
      temas = await TemasProcess.start(data.path, { killAt, eager: true });
      await temas.exited;
    }
    temas = await TemasProcess.start(data.path);
    try {
      // The answer was lost with the process: whoever asks again is told of the same erasure.
      const { status, body } = await temas.call<Certificate>('POST', '/v1/privacy/erasures', order);
      expect(status).toBe(200);
      expect(new Set(everythingOf(await done(temas, body.id)))).toEqual(new Set([0]));
      expect(await rowsWith(temas, 'ayse')).toEqual({});
      expect((await lookUp(temas, 'user_id', 'veli')).body).toEqual(veli);
      expect(await rebuilt(temas)).toEqual({ equal: true, different: [] });
    } finally {
      await temas.stop();
      data.remove();
    }
  }, 120_000);
});

describe('a person who shared things with others', () => {
  it('is erased by a rebuild that follows by itself, and what is not theirs alone stays', async () => {
    const data = makeDataDir();
    const temas = await TemasProcess.start(data.path);
    try {
      const shared = { anonymousId: 'kiosk' };
      const position = await sendAll(temas, [
        ...life('ayse', '+905321112233'),
        ...life('veli', '+905324445566'),
        { type: 'page', ...shared, userId: 'veli', properties: { path: '/veli-first' }, timestamp: at(5, 0) },
        {
          type: 'page',
          ...shared,
          userId: 'ayse',
          properties: { path: '/ayse-later' },
          timestamp: at(5, 10),
        },
        { type: 'group', userId: 'ayse', groupId: 'acme', traits: { founder: 'ayse' }, timestamp: at(6) },
        { type: 'group', userId: 'veli', groupId: 'acme', traits: { city: 'Bursa' }, timestamp: at(6, 1) },
        {
          type: 'track',
          userId: 'ayse',
          event: 'Order Completed',
          timestamp: at(7),
          properties: { order_id: 'joint', revenue: 10, currency: 'USD' },
        },
        {
          type: 'track',
          userId: 'veli',
          event: 'Order Updated',
          timestamp: at(7, 1),
          properties: { order_id: 'joint', revenue: 12, currency: 'USD' },
        },
      ]);
      const profileId = (await lookUp(temas, 'user_id', 'ayse', position)).body.id;
      const { body } = await temas.call<Certificate>('POST', '/v1/privacy/erasures', {
        profileId,
        reason: REASON,
      });
      const certificate = await done(temas, body.id);
      expect(certificate.sharedWith).toMatchObject([{ namespace: 'anonymous_id' }]);
      expect(new Set(everythingOf(certificate))).toEqual(new Set([0]));
      expect(await rowsWith(temas, 'ayse')).toEqual({});
      const after = certificate.position;
      expect(await temas.sql("SELECT net FROM orders WHERE order_id = 'joint'", after)).toEqual([
        { net: 12 },
      ]);
      expect(await temas.sql("SELECT traits FROM accounts WHERE account_id = 'acme'")).toEqual([
        { traits: '{"city":"Bursa"}' },
      ]);
      const visits = await temas.sql(
        "SELECT entry_path, event_count FROM sessions WHERE entry_path = '/veli-first'",
      );
      expect(visits).toEqual([{ entry_path: '/veli-first', event_count: '1' }]);
      expect((await lookUp(temas, 'user_id', 'veli')).status).toBe(200);
      expect(await rebuilt(temas)).toEqual({ equal: true, different: [] });
    } finally {
      await temas.stop();
      data.remove();
    }
  }, 120_000);
});

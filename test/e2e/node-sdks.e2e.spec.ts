import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { jitsuAnalytics } from '@jitsu/js';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

/** One vendor's SDK, as a customer's server uses it. */
interface Sdk {
  /** One call of every kind it has, in the name of a person. */
  callAll(userId: string): Promise<void>;
  track(userId: string, event: string): void;
  /** Waits until everything is delivered or given up, and ends it. */
  close(): Promise<void>;
}

const KINDS = ['alias', 'group', 'identify', 'page', 'screen', 'track'];

function segment(host: string, writeKey: string = KEYS.write): Sdk {
  const analytics = new Analytics({
    writeKey,
    host,
    flushAt: 2,
    flushInterval: 50,
    maxRetries: 30,
    httpRequestTimeout: 10_000,
  });
  return {
    async callAll(userId) {
      analytics.identify({ userId, traits: { plan: 'pro' } });
      analytics.track({ userId, event: 'Signed Up', properties: { plan: 'pro' } });
      analytics.page({ userId, name: 'Home', properties: { path: '/' } });
      analytics.screen({ userId, name: 'Start' });
      analytics.group({ userId, groupId: 'acme', traits: { name: 'Acme' } });
      analytics.alias({ userId, previousId: `before-${userId}` });
    },
    track: (userId, event) => analytics.track({ userId, event }),
    close: async () => analytics.closeAndFlush({ timeout: 40_000 }),
  };
}

function rudderStack(dataPlaneUrl: string, writeKey: string = KEYS.write): Sdk {
  const rudder = new RudderAnalytics(writeKey, {
    dataPlaneUrl,
    flushAt: 2,
    flushInterval: 50,
    retryCount: 10,
    logLevel: 'none',
  });
  const sent: Promise<void>[] = [];
  const delivered = (call: (done: () => void) => void): void => {
    sent.push(new Promise((resolve) => call(resolve)));
  };
  return {
    async callAll(userId) {
      delivered((done) => rudder.identify({ userId, traits: { plan: 'pro' } }, done));
      delivered((done) => rudder.track({ userId, event: 'Signed Up', properties: { plan: 'pro' } }, done));
      delivered((done) => rudder.page({ userId, name: 'Home', properties: { path: '/' } }, done));
      delivered((done) => rudder.screen({ userId, name: 'Start' }, done));
      delivered((done) => rudder.group({ userId, groupId: 'acme', traits: { name: 'Acme' } }, done));
      delivered((done) => rudder.alias({ userId, previousId: `before-${userId}` }, done));
    },
    track: (userId, event) => delivered((done) => rudder.track({ userId, event }, done)),
    async close() {
      await Promise.all(sent);
      await rudder.flush();
    },
  };
}

/** Jitsu's SDK sends no call if its key has no secret, whatever the secret is. */
const JITSU_KEY = `${KEYS.write}:secret`;

/** A port that was free a moment ago, for a server that must come back on the same one. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** Waits until everything that was sent before is in the tables. */
async function settled(temas: TemasProcess): Promise<string | undefined> {
  const { body } = await temas.send('track', { userId: 'last', event: 'Last' });
  return body.position;
}

describe('SDKs for Node', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function kindsOf(userId: string): Promise<{ kind: string; n: string }[]> {
    return temas.sql(
      `SELECT kind, count() AS n FROM events WHERE user_id = '${userId}' GROUP BY kind ORDER BY kind`,
      await settled(temas),
    );
  }

  it.each([
    ['@segment/analytics-node', segment],
    ['@rudderstack/rudder-sdk-node', rudderStack],
  ])('takes every kind of call of %s once', async (name, make) => {
    const sdk = make(temas.url);
    await sdk.callAll(name);
    await sdk.close();
    expect(await kindsOf(name)).toEqual(KINDS.map((kind) => ({ kind, n: '1' })));
    const rows = await temas.sql(
      `SELECT event, properties, traits FROM events
       WHERE user_id = '${name}' AND kind IN ('identify', 'track') ORDER BY kind`,
    );
    expect(rows.map((row) => JSON.stringify(row)).join()).toMatch(/pro.*Signed Up.*pro/);
  });

  it.each([
    ['@segment/analytics-node', segment, 'limited_segment'],
    ['@rudderstack/rudder-sdk-node', rudderStack, 'limited_rudder'],
  ])(
    'is asked again by %s after a 429, and has each call once',
    async (_name, make, source) => {
      const { body } = await temas.call<{ writeKey: string }>('POST', '/v1/sources', {
        source,
        rateLimit: 4,
      });
      const sdk = make(temas.url, body.writeKey);
      const calls = Array.from({ length: 10 }, (_, i) => `Call ${i}`);
      for (const call of calls) sdk.track(source, call);
      await sdk.close();
      const rows = await temas.sql<{ event: string }>(
        `SELECT event FROM events WHERE source = '${source}' ORDER BY event`,
        await settled(temas),
      );
      expect(rows.map(({ event }) => event)).toEqual(calls);
      const metrics = await fetch(`${temas.url}/metrics`, {
        headers: { authorization: `Bearer ${KEYS.admin}` },
      });
      expect(await metrics.text()).toMatch(
        /temas_ingest_turned_away_total\{reason="rate_limit_items"\} [1-9]/,
      );
    },
    60_000,
  );

  it.each([false, true])('takes every kind of call of @jitsu/js once, s2s: %s', async (s2s) => {
    const userId = `jitsu-${s2s}`;
    const jitsu = jitsuAnalytics({ host: temas.url, writeKey: JITSU_KEY, s2s, errorPolicy: 'rethrow' });
    await jitsu.identify(userId, { plan: 'pro' });
    await jitsu.track('Signed Up', { plan: 'pro' });
    await jitsu.page({ name: 'Home', path: '/' });
    await jitsu.group('acme', { name: 'Acme' });
    const kinds = ['group', 'identify', 'page', 'track'];
    expect(await kindsOf(userId)).toEqual(kinds.map((kind) => ({ kind, n: '1' })));
  });
});

describe('SDKs for Node, when Temas dies with a request stored but not answered', () => {
  const EVENTS = Array.from({ length: 24 }, (_, i) => `Call ${String(i).padStart(2, '0')}`);

  async function eventsOf(temas: TemasProcess): Promise<string[]> {
    const rows = await temas.sql<{ event: string }>(
      `SELECT event FROM events WHERE startsWith(event, 'Call') ORDER BY event`,
      await settled(temas),
    );
    return rows.map(({ event }) => event);
  }

  it.each([
    ['@segment/analytics-node', segment],
    ['@rudderstack/rudder-sdk-node', rudderStack],
  ])(
    'has every call of %s once',
    async (name, make) => {
      const data = makeDataDir();
      const env = { TEMAS_PORT: await freePort() };
      let temas = await TemasProcess.start(data.path, { killAt: 'appended:3', env });
      const sdk = make(temas.url);
      for (const event of EVENTS) {
        sdk.track(name, event);
        await pause(10);
      }
      await temas.exited;
      temas = await TemasProcess.start(data.path, { env });
      await sdk.close();
      expect(await eventsOf(temas)).toEqual(EVENTS);
      await temas.stop();
      data.remove();
    },
    90_000,
  );

  it('has every call that @jitsu/js was answered, which tries none again', async () => {
    const data = makeDataDir();
    const env = { TEMAS_PORT: await freePort() };
    let temas = await TemasProcess.start(data.path, { killAt: 'appended:8', env });
    const answered: string[] = [];
    let failed = 0;
    let restarted = false;
    const jitsu = jitsuAnalytics({
      host: temas.url,
      writeKey: JITSU_KEY,
      errorPolicy: () => undefined,
      async fetch(input, init) {
        const { event } = JSON.parse(init?.body as string) as { event: string };
        const response = await fetch(input, init).catch((error: unknown) => {
          failed++;
          throw error;
        });
        if (response.ok) answered.push(event);
        return response;
      },
    });
    for (const event of EVENTS) {
      if (failed === 2 && !restarted) {
        restarted = true;
        await temas.exited;
        temas = await TemasProcess.start(data.path, { env });
      }
      await jitsu.track(event);
    }
    expect(failed).toBe(2);
    expect(answered).toHaveLength(EVENTS.length - failed);
    const stored = await eventsOf(temas);
    expect(stored).toEqual(expect.arrayContaining(answered));
    expect(new Set(stored).size).toBe(stored.length);
    await temas.stop();
    data.remove();
  }, 90_000);
});

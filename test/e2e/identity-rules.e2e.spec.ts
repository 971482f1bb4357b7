import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { untilItWorks } from '../support/retry.ts';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface Rules {
  readonly inForce: number;
  readonly published: number;
  readonly changes: object;
  readonly rules: { readonly namespaces: readonly { namespace: string; limit: number }[]; blocked: number };
  readonly history: readonly { version: number; reason: string; actor: string }[];
}

interface Plan {
  readonly status: string;
  readonly profiles: { readonly before: number; readonly after: number };
  readonly largest: readonly { identifiers: number; into: readonly { identifiers: number }[] }[];
}

interface Problem {
  readonly detail: string;
  readonly errors?: readonly { field: string }[];
  readonly version?: number;
}

const MINUTE = 60_000;
const PHONE = '+905325550101';

/** Somebody with two addresses, a kiosk that everybody uses, a phone of three people. */
const EVENTS = [
  { type: 'identify', userId: 'u1', traits: { email: 'ayse@mail.example', city: 'Bursa' } },
  { type: 'identify', userId: 'u1', traits: { email: 'ayse.k@work.example', city: 'Izmir' } },
  { type: 'identify', userId: 'kiosk-1', traits: { email: 'mehmet@mail.example' } },
  { type: 'track', event: 'Visit', userId: 'kiosk-1', anonymousId: 'tablet' },
  { type: 'page', anonymousId: 'tablet' },
  ...['u5', 'u6', 'u7'].map((userId) => ({ type: 'identify', userId, traits: { phone: PHONE } })),
].map((event, i) => ({
  ...event,
  messageId: `event-${i}`,
  timestamp: new Date(Date.UTC(2026, 0, 1, i)).toISOString(),
}));

const IDENTIFIERS = [
  ['user_id', 'u1'],
  ['email', 'ayse@mail.example'],
  ['email', 'ayse.k@work.example'],
  ['user_id', 'kiosk-1'],
  ['email', 'mehmet@mail.example'],
  ['anonymous_id', 'tablet'],
  ['phone', PHONE],
  ['user_id', 'u5'],
  ['user_id', 'u6'],
  ['user_id', 'u7'],
] as const;

const CHANGES = {
  namespaces: { email: { limit: 1 }, phone: { quarantineAt: 2 } },
  blocked: [{ namespace: 'user_id', value: 'kiosk-1' }],
  traits: { city: 'first' },
};

const BY_DEFAULT = [
  'anonymous_id tablet, email mehmet@mail.example, user_id kiosk-1',
  'email ayse.k@work.example, email ayse@mail.example, user_id u1',
  `phone ${PHONE}, user_id u5`,
  'user_id u6',
  'user_id u7',
];
const BY_CHANGES = [
  'anonymous_id tablet',
  'email ayse.k@work.example',
  'email ayse@mail.example, user_id u1',
  'email mehmet@mail.example',
  `phone ${PHONE}`,
  'user_id kiosk-1',
  'user_id u5',
  'user_id u6',
  'user_id u7',
];

/** Who is who, by the profile that each identifier is looked up in. */
async function peopleOf(temas: TemasProcess, after: string): Promise<string[]> {
  const profiles = new Map<string, string[]>();
  for (const [namespace, value] of IDENTIFIERS) {
    const { status, body } = await temas.call<{ id: string }>('POST', `/v1/profiles/lookup?after=${after}`, {
      namespace,
      value,
    });
    expect([value, status]).toEqual([value, 200]);
    profiles.set(body.id, [...(profiles.get(body.id) ?? []), `${namespace} ${value}`]);
  }
  return [...profiles.values()].map((names) => names.sort().join(', ')).sort();
}

/** City of the first person: which word on it stands is a rule too. */
async function cityOf(temas: TemasProcess): Promise<unknown> {
  const { body } = await temas.call<{ traits: Record<string, { value: unknown }> }>(
    'POST',
    '/v1/profiles/lookup',
    { namespace: 'user_id', value: 'u1' },
  );
  return body.traits.city?.value;
}

/** What the tables say, without ids that another key store would give otherwise. */
async function tablesOf(temas: TemasProcess, after: string): Promise<unknown> {
  return {
    events: await temas.sql(
      `SELECT groupArray(message_id) AS ids FROM (SELECT * FROM events ORDER BY message_id)
       GROUP BY profile_id ORDER BY ids`,
      after,
    ),
    identities: await temas.sql(
      `SELECT groupArray(namespace) AS names FROM (SELECT * FROM identities ORDER BY namespace)
       GROUP BY profile_id ORDER BY names`,
      after,
    ),
    decisions: await temas.sql(
      `SELECT kind, rule, rules_version, namespace, JSONExtractString(details, 'reason') AS reason
       FROM identity_decisions ORDER BY position, n`,
      after,
    ),
  };
}

const rulesOf = async (temas: TemasProcess): Promise<Rules> =>
  (await temas.get<Rules>('/v1/identity/rules')).body;

/** Waits until answers follow a version. */
const inForce = (temas: TemasProcess, version: number): Promise<void> =>
  untilItWorks(async () => {
    expect((await rulesOf(temas)).inForce).toBe(version);
  });

async function publish(temas: TemasProcess, changes: object, expectedVersion: number): Promise<string> {
  const body = { changes, expectedVersion, reason: 'ticket 12', actor: 'agent-7' };
  const answer = await temas.call<{ version: number; position: string }>('POST', '/v1/identity/rules', body);
  expect([answer.status, answer.body.version]).toEqual([201, expectedVersion + 1]);
  return answer.body.position;
}

/** Digests of the views; while a rebuild switches they may be of either generation, so only after one. */
const digestsOf = async (temas: TemasProcess): Promise<unknown> =>
  (await temas.get('/v1/projections/digests')).body;

async function sendAll(temas: TemasProcess): Promise<string> {
  const { status, body } = await temas.send('batch', { batch: EVENTS });
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.position as string;
}

describe('rules of identity', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let position: string;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    position = await sendAll(temas);
  }, MINUTE);
  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  const restart = async (): Promise<void> => {
    await temas.stop();
    temas = await TemasProcess.start(data.path);
  };

  it('are the defaults until others are published', async () => {
    expect(await peopleOf(temas, position)).toEqual(BY_DEFAULT);
    expect(await cityOf(temas)).toBe('Izmir');
    const { rules, ...rest } = await rulesOf(temas);
    expect(rest).toMatchObject({ inForce: 0, published: 0, changes: {}, history: [] });
    expect(rules.namespaces.find(({ namespace }) => namespace === 'email')).toEqual({
      namespace: 'email',
      class: 'contact',
      priority: 5,
      limit: 5,
      quarantineAt: 5,
      conflictPolicy: 'earliest',
    });
  });

  it('refuses what cannot be rules, naming each field, and keys without the role', async () => {
    const changes = {
      namespaces: { email: { limit: 0, colour: 'red' }, event: {} },
      maxMembers: 'many',
      floodAt: { device: 1 },
      traits: { city: 'biggest' },
      blocked: [{ namespace: 'email' }, { namespace: 'user_id', value: 'null' }],
    };
    const { status, body } = await temas.call<Problem>('POST', '/v1/identity/rules/plans', { changes });
    expect(status).toBe(400);
    expect(body.errors?.map(({ field }) => field).sort()).toEqual([
      'changes.blocked[0]',
      'changes.blocked[1]',
      'changes.floodAt.device',
      'changes.maxMembers',
      'changes.namespaces',
      'changes.namespaces.email',
      'changes.namespaces.email.limit',
      'changes.traits.city',
    ]);
    for (const path of ['/v1/identity/rules', '/v1/identity/rules/plans']) {
      const headers = { authorization: `Bearer ${KEYS.analyst}` };
      expect((await fetch(temas.url + path, { headers })).status).toBe(403);
    }
    expect((await temas.call('DELETE', '/v1/identity/rules/plans')).status).toBe(404);
  });

  it('a dry run tells what would change, and changes nothing', async () => {
    const begun = await temas.call<Plan>('POST', '/v1/identity/rules/plans', { changes: CHANGES });
    expect([begun.status, begun.body.status]).toEqual([202, 'running']);
    const plan = await untilItWorks(async () => {
      const { body } = await temas.get<Plan>('/v1/identity/rules/plans');
      expect(body.status).not.toBe('running');
      return body;
    });
    expect(plan).toMatchObject({
      status: 'succeeded',
      baseVersion: 0,
      profiles: { before: 5, after: 9 },
      unchanged: 2,
      split: 3,
      merged: 0,
      moved: 4,
    });
    const sizes = plan.largest.map(({ identifiers, into }) => [
      identifiers,
      into.map((part) => part.identifiers),
    ]);
    expect(sizes.sort()).toEqual([
      [2, [1, 1]],
      [3, [1, 1, 1]],
      [3, [2, 1]],
    ]);
    expect(await peopleOf(temas, position)).toEqual(BY_DEFAULT);
    expect((await rulesOf(temas)).published).toBe(0);
  });

  it(
    'once published, a rebuild follows by itself, and all answers are those of a server that never had others',
    async () => {
      position = await publish(temas, CHANGES, 0);
      const stale = await temas.call<Problem>('POST', '/v1/identity/rules', {
        changes: {},
        expectedVersion: 0,
        reason: 'too late',
      });
      expect([stale.status, stale.body.version]).toEqual([409, 1]);
      await inForce(temas, 1);
      expect(await peopleOf(temas, position)).toEqual(BY_CHANGES);
      expect(await cityOf(temas)).toBe('Bursa');
      expect((await rulesOf(temas)).history).toMatchObject([
        { version: 1, reason: 'ticket 12', actor: 'admin:agent-7' },
      ]);
      const tables = await tablesOf(temas, position);
      expect(JSON.stringify(tables)).toContain(
        '"rule":"R2","rules_version":1,"namespace":"user_id","reason":"BLOCKED"',
      );

      const other = makeDataDir();
      const fresh = await TemasProcess.start(other.path);
      try {
        await publish(fresh, CHANGES, 0);
        await inForce(fresh, 1);
        const end = await sendAll(fresh);
        expect(await peopleOf(fresh, end)).toEqual(BY_CHANGES);
        expect(tables).toEqual(await tablesOf(fresh, end));
      } finally {
        await fresh.stop();
        other.remove();
      }
    },
    2 * MINUTE,
  );

  it(
    'stay after a restart, and give the same tables from the log alone',
    async () => {
      const digests = await digestsOf(temas);
      await restart();
      expect((await rulesOf(temas)).inForce).toBe(1);
      expect(await peopleOf(temas, position)).toEqual(BY_CHANGES);
      expect(await digestsOf(temas)).toEqual(digests);

      await temas.stop();
      for (const name of ['state', 'clickhouse']) rmSync(join(data.path, name), { recursive: true });
      temas = await TemasProcess.start(data.path);
      expect((await rulesOf(temas)).inForce).toBe(1);
      expect(await peopleOf(temas, position)).toEqual(BY_CHANGES);
      await temas.sql('SELECT 1', position);
      expect(await digestsOf(temas)).toEqual(digests);
    },
    2 * MINUTE,
  );

  it(
    'a start finds what was published before a kill; taken back, people are as they were',
    async () => {
      await publish(temas, { maxMembers: 100 }, 1);
      await temas.kill();
      temas = await TemasProcess.start(data.path);
      // While the rebuild for version 2 is under way or begins: another one follows.
      position = await publish(temas, {}, 2);
      await inForce(temas, 3);
      expect(await peopleOf(temas, position)).toEqual(BY_DEFAULT);
      expect((await rulesOf(temas)).changes).toEqual({});
      const versions = await temas.sql(
        'SELECT DISTINCT rules_version AS v FROM identity_decisions',
        position,
      );
      expect(versions).toEqual([{ v: 3 }]);
    },
    2 * MINUTE,
  );
});

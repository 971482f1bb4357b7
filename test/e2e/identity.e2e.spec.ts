import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sharedData } from '../support/shared-data.ts';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

type Item = Record<string, unknown>;

interface Looked {
  readonly id: string;
  readonly identifiers: readonly { namespace: string; value: string }[];
}

const MINUTE = 60_000;

/** Random numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Sends items in batches of a few; answers the highest position. */
async function sendAll(temas: TemasProcess, items: readonly Item[], per: number): Promise<string> {
  let position = '0';
  for (let at = 0; at < items.length; at += per) {
    const { status, body } = await temas.send('batch', { batch: items.slice(at, at + per) });
    expect(status).toBe(200);
    // A batch of repetitions answers the places of the first ones.
    if (BigInt(body.position ?? 0) > BigInt(position)) position = body.position as string;
  }
  return position;
}

/** Which of two sayings of the same millisecond goes first is decided by their event ids, and those by the key. */
const MASTER_KEY = '5a'.repeat(32);

async function withTemas<T>(use: (temas: TemasProcess) => Promise<T>): Promise<T> {
  const data = makeDataDir();
  const temas = await TemasProcess.start(data.path, { env: { TEMAS_MASTER_KEY: MASTER_KEY } });
  try {
    return await use(temas);
  } finally {
    await temas.stop();
    data.remove();
  }
}

describe('the same facts in another order', () => {
  const random = seeded(42);
  const pick = (name: string, count: number): string => `${name}-${Math.floor(random() * count)}`;
  const some = (chance: number, value: () => string): string | undefined =>
    random() < chance ? value() : undefined;
  /** People who share devices, addresses and telephones, and mistype them. */
  const history = Array.from({ length: 240 }, (_, i): Item => {
    const userId = some(0.5, () => pick('user', 8));
    const traits = {
      email: some(0.5, () => `${pick('mail', 10)}@example.com`),
      phone: some(0.3, () => `+90532555${String(1000 + Math.floor(random() * 8))}`),
    };
    const anonymousId =
      some(0.7, () => pick('device', 10)) ?? (userId === undefined ? 'device-0' : undefined);
    return {
      type: 'identify',
      messageId: `history-${i}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 50) * 3_600_000).toISOString(),
      userId,
      anonymousId,
      traits,
    };
  });

  async function partitionOf(temas: TemasProcess, after: string): Promise<string[]> {
    const values = new Set<string>();
    for (const { userId, anonymousId, traits } of history) {
      const { email, phone } = traits as { email?: string; phone?: string };
      if (typeof userId === 'string') values.add(`user_id ${userId}`);
      if (typeof anonymousId === 'string') values.add(`anonymous_id ${anonymousId}`);
      if (email) values.add(`email ${email}`);
      if (phone) values.add(`phone ${phone}`);
    }
    const profiles = new Set<string>();
    for (const each of [...values].sort()) {
      const [namespace, value] = each.split(' ') as [string, string];
      const { status, body } = await temas.call<Looked>('POST', `/v1/profiles/lookup?after=${after}`, {
        namespace,
        value,
      });
      expect([each, status]).toEqual([each, 200]);
      const members = body.identifiers.map((one) => `${one.namespace} ${one.value}`).sort();
      expect(members.filter((member) => member.startsWith('user_id')).length).toBeLessThanOrEqual(1);
      profiles.add(members.join(', '));
    }
    return [...profiles].sort();
  }

  it(
    'gives the same people, however it is cut and repeated',
    async () => {
      const partitions: string[][] = [];
      for (const [seed, per] of [
        [0, 240],
        [1, 7],
        [2, 50],
      ] as const) {
        const order = seed === 0 ? history : [...shuffled(history, seed), ...history.slice(0, 20)];
        partitions.push(
          await withTemas(async (temas) => {
            const position = await sendAll(temas, order, per);
            const people = await partitionOf(temas, position);
            const [row] = await temas.sql<{ events: string }>(
              'SELECT toString(count()) AS events FROM events',
              position,
            );
            expect(row?.events).toBe(String(history.length));
            return people;
          }),
        );
      }
      expect(partitions[1]).toEqual(partitions[0]);
      expect(partitions[2]).toEqual(partitions[0]);
    },
    3 * MINUTE,
  );
});

const SPLINK = sharedData('identity/splink_fake_1000.csv');

(SPLINK === undefined ? describe.skip : describe)('people that e-mail can tell apart', () => {
  interface Row {
    readonly id: string;
    readonly email: string;
    readonly cluster: string;
  }

  const rows = (): Row[] => {
    const [head, ...lines] = readFileSync(SPLINK as string, 'utf8')
      .trim()
      .split('\n');
    const names = (head as string).split(',').map((name) => name.trim());
    return lines.map((line) => {
      const cells = line.split(',');
      const cell = (name: string): string => (cells[names.indexOf(name)] ?? '').trim();
      return { id: cell('unique_id'), email: cell('email'), cluster: cell('cluster') };
    });
  };

  const pairs = (groups: Iterable<readonly string[]>): Set<string> => {
    const found = new Set<string>();
    for (const group of groups) {
      const ids = [...group].sort();
      ids.forEach((a, i) => ids.slice(i + 1).forEach((b) => found.add(`${a} ${b}`)));
    }
    return found;
  };

  const grouped = (entries: readonly (readonly [key: string, id: string])[]): string[][] => {
    const groups = new Map<string, string[]>();
    for (const [key, id] of entries) groups.set(key, [...(groups.get(key) ?? []), id]);
    return [...groups.values()];
  };

  it.each([
    ['as events', (row: Row): Item => ({ anonymousId: `row-${row.id}` })],
    [
      'as rows of a CRM',
      (row: Row): Item => ({
        anonymousId: `row-${row.id}`,
        context: { temas: { recordId: `record-${row.id}` } },
      }),
    ],
  ])(
    'are told apart as well as can be, in every order: %s',
    async (_name, identity) => {
      const all = rows();
      const item = (row: Row): Item => ({
        type: 'identify',
        messageId: `splink-${row.id}`,
        timestamp: '2026-01-01T00:00:00Z',
        traits: row.email === '' ? {} : { email: row.email },
        ...identity(row),
      });
      const found: string[][] = [];
      for (const order of [all, shuffled(all, 7)]) {
        found.push(
          await withTemas(async (temas) => {
            const position = await sendAll(temas, order.map(item), 100);
            const people = await temas.sql<{ anonymous_id: string; profile_id: string }>(
              'SELECT anonymous_id, profile_id FROM events',
              position,
            );
            return [...pairs(grouped(people.map((row) => [row.profile_id, row.anonymous_id])))].sort();
          }),
        );
      }
      expect(found[1]).toEqual(found[0]);
      const truth = pairs(grouped(all.map((row) => [row.cluster, `row-${row.id}`])));
      const right = (found[0] as string[]).filter((pair) => truth.has(pair)).length;
      expect(right / (found[0] as string[]).length).toBe(1);
      expect(right / truth.size).toBeGreaterThanOrEqual(0.538);
    },
    3 * MINUTE,
  );
});

describe('orders of an operator', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  const user = (value: string): object => ({ namespace: 'user_id', value });
  const email = (value: string): object => ({ namespace: 'email', value });

  async function order(kind: string, further: object): Promise<{ commandId: string; position: string }> {
    const command = { kind, reason: 'asked by the customer', actor: 'agent-7', ...further };
    const { status, body } = await temas.call<{ commandId: string; position: string }>(
      'POST',
      '/v1/identity/commands',
      command,
    );
    expect([kind, status]).toEqual([kind, 201]);
    return body;
  }

  async function personOf(identifier: object, after: string): Promise<string> {
    const { body } = await temas.call<Looked>('POST', `/v1/profiles/lookup?after=${after}`, identifier);
    return body.id;
  }

  async function buyers(after: string): Promise<string[]> {
    const rows = await temas.sql<{ n: string }>(
      `SELECT toString(count()) AS n FROM events WHERE event = 'Bought' GROUP BY profile_id ORDER BY n`,
      after,
    );
    return rows.map(({ n }) => n);
  }

  it('part and join people at once and retroactively, and can be taken back', async () => {
    await temas.send('identify', { userId: 'emre', traits: { email: 'family@example.com' } });
    await temas.send('track', { userId: 'emre', event: 'Bought' });
    await temas.send('track', { context: { traits: { email: 'family@example.com' } }, event: 'Bought' });
    await temas.send('identify', { userId: 'e-2' });
    const sent = (await temas.send('track', { userId: 'e-2', event: 'Bought' })).body.position as string;
    expect(await buyers(sent)).toEqual(['1', '2']);

    const split = await order('split', { identifiers: [user('emre'), email('family@example.com')] });
    expect(await buyers(split.position)).toEqual(['1', '1', '1']);
    expect(await personOf(user('emre'), split.position)).not.toBe(
      await personOf(email('family@example.com'), split.position),
    );
    const undone = await order('undo', { command: split.commandId });
    expect(await buyers(undone.position)).toEqual(['1', '2']);

    const merged = await order('merge', { identifiers: [user('emre'), user('e-2')] });
    expect(await buyers(merged.position)).toEqual(['3']);
    expect(await personOf(user('emre'), merged.position)).toBe(await personOf(user('e-2'), merged.position));
    const apart = await order('undo', { command: merged.commandId });
    expect(await buyers(apart.position)).toEqual(['1', '2']);

    const { body } = await temas.get<{ commands: { actor: string; reason: string; undone: boolean }[] }>(
      '/v1/identity/commands',
    );
    expect(body.commands.map(({ actor, undone: back }) => [actor, back])).toEqual([
      ['admin:agent-7', true],
      ['admin:agent-7', false],
      ['admin:agent-7', true],
      ['admin:agent-7', false],
    ]);
  });

  it(
    'are what a rebuild finds too',
    async () => {
      const { body: before } = await temas.get<{ views: Record<string, { sha256: string }> }>(
        '/v1/projections/digests',
      );
      await temas.call('POST', '/v1/projections/rebuild');
      for (;;) {
        const { body } = await temas.get<{ status: string; equal?: boolean }>('/v1/projections/rebuild');
        if (body.status === 'running') continue;
        expect(body).toMatchObject({ status: 'succeeded', equal: true });
        break;
      }
      const { body: after } = await temas.get<{ views: Record<string, { sha256: string }> }>(
        '/v1/projections/digests',
      );
      expect(after.views).toEqual(before.views);
    },
    MINUTE,
  );

  it('say what is wrong with them', async () => {
    const bad = async (command: object): Promise<number> =>
      (await temas.call('POST', '/v1/identity/commands', { reason: 'why not', ...command })).status;
    expect(await bad({ kind: 'merge', identifiers: [user('emre')] })).toBe(400);
    expect(await bad({ kind: 'split', identifiers: [user('emre'), user('never-seen')] })).toBe(404);
    expect(await bad({ kind: 'undo', command: '00000000-0000-4000-8000-000000000000' })).toBe(404);
    expect(await bad({ kind: 'merge', identifiers: [user('emre'), user('e-2')], reason: '' })).toBe(400);
  });
});

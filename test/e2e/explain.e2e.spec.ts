import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const MINUTE = 60_000;
const CLI = fileURLToPath(new URL('../../dist/run/temas.js', import.meta.url));
const run = promisify(execFile);

interface Identifier {
  readonly anchor: string;
  readonly namespace: string;
  readonly value?: string;
}

interface Link {
  readonly from: Identifier;
  readonly to: Identifier;
  readonly joins: boolean;
  readonly rule: string;
  readonly order?: string;
  readonly sayings: readonly {
    eventId: string;
    at: string;
    recordedAt: string;
    source: string;
    kind: string;
    event: string;
    strength: number;
  }[];
}

interface Told {
  readonly rulesVersion: number;
  readonly profiles: readonly {
    readonly id: string;
    readonly identifiers: readonly Identifier[];
    readonly links: readonly Link[];
    readonly refused: readonly (Omit<Link, 'sayings'> & {
      reason: string;
      limit?: number;
      saying: { at: string };
    })[];
    readonly orders: readonly { commandId: string; kind: string; reason: string }[];
  }[];
  readonly relation?: {
    readonly outcome: string;
    readonly path: readonly Link[];
    readonly undoing: { readonly links: readonly Link[]; readonly orders: readonly { commandId: string }[] };
  };
}

describe('why people are who they are', () => {
  const data = makeDataDir();
  const pictures = mkdtempSync(join(tmpdir(), 'temas-pictures-'));
  let temas: TemasProcess;
  let told: string;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
    const batch = [
      { type: 'page', anonymousId: 'laptop', name: 'Shop', timestamp: '2026-03-01T08:00:00Z' },
      {
        type: 'identify',
        userId: 'ayse-7',
        anonymousId: 'laptop',
        traits: { email: 'ayse@example.com' },
        timestamp: '2026-03-02T09:00:00Z',
      },
      {
        type: 'track',
        event: 'Order Completed',
        userId: 'ayse-7',
        context: { traits: { phone: '0532 123 45 67' } },
        timestamp: '2026-03-03T10:00:00Z',
      },
      // Her brother orders with her address.
      {
        type: 'track',
        event: 'Order Completed',
        userId: 'emre-8',
        context: { traits: { email: 'ayse@example.com' } },
        timestamp: '2026-03-04T11:00:00Z',
      },
      // One tablet, two log-ins.
      {
        type: 'track',
        event: 'Login',
        userId: 'ayse-7',
        anonymousId: 'tablet',
        timestamp: '2026-03-05T12:00:00Z',
      },
      {
        type: 'track',
        event: 'Login',
        userId: 'emre-8',
        anonymousId: 'tablet',
        timestamp: '2026-03-06T13:00:00Z',
      },
    ];
    const { body } = await temas.send('batch', { batch });
    told = body.position as string;
  }, MINUTE);

  afterAll(async () => {
    await temas.stop();
    data.remove();
    rmSync(pictures, { recursive: true });
  });

  const email = { namespace: 'email', value: 'ayse@example.com' };
  const user = (value: string): object => ({ namespace: 'user_id', value });

  async function ask(
    identifiers: readonly object[],
    headers: Record<string, string> = {},
    query = '',
  ): Promise<{ status: number; type: string; text: string }> {
    const response = await fetch(`${temas.url}/v1/profiles/explain?after=${told}&${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.analyst}`, ...headers },
      body: JSON.stringify({ identifiers }),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await response.text() };
  }

  async function explained(...identifiers: object[]): Promise<Told> {
    return JSON.parse((await ask(identifiers)).text) as Told;
  }

  it('is told by links, each with its event, source, times and rule', async () => {
    const { profiles, rulesVersion } = await explained(email);
    const [profile] = profiles;
    expect(rulesVersion).toBe(0);
    expect(profile?.identifiers.map(({ value }) => value).sort()).toEqual([
      '+905321234567',
      'ayse-7',
      'ayse@example.com',
      'laptop',
    ]);
    const link = profile?.links.find(({ to, from }) => [to.value, from.value].includes('+905321234567'));
    expect(link).toMatchObject({ joins: true, rule: 'R6' });
    const [saying] = link?.sayings ?? [];
    expect(saying).toMatchObject({
      at: '2026-03-03T10:00:00.000Z',
      source: 'default',
      kind: 'track',
      event: 'Order Completed',
    });
    expect(Date.parse(saying?.recordedAt as string)).toBeGreaterThan(Date.parse('2026-03-06T13:00:00Z'));
    const [row] = await temas.sql<{ event: string }>(
      `SELECT event FROM events WHERE event_id = '${saying?.eventId}'`,
    );
    expect(row?.event).toBe('Order Completed');
    const { body: same } = await temas.get<Told>(`/v1/profiles/${profile?.id}/explanation`);
    expect(same.profiles).toEqual(profiles);
  });

  it('tells what was refused, and why', async () => {
    const { profiles } = await explained(user('emre-8'));
    const refused = profiles[0]?.refused.map(({ to, reason, limit }) => [to.value, reason, limit]);
    expect(refused).toEqual([
      ['ayse@example.com', 'LIMIT', 1],
      ['tablet', 'SHARED', undefined],
    ]);
  });

  it('tells what two identifiers have to do with each other', async () => {
    const apart = await explained(user('emre-8'), email);
    expect(apart.relation).toMatchObject({ outcome: 'refused', refused: [{ reason: 'LIMIT' }] });
    expect(apart.profiles).toHaveLength(2);
    const together = await explained({ namespace: 'phone', value: '+90 532 123 45 67' }, email);
    expect(together.relation).toMatchObject({ outcome: 'together', undoing: { links: [{}] } });
    expect(together.relation?.path).toHaveLength(2);
  });

  it('parts two by what it said would part them', async () => {
    const merge = await temas.call<{ commandId: string; position: string }>('POST', '/v1/identity/commands', {
      kind: 'merge',
      identifiers: [user('ayse-7'), user('emre-8')],
      reason: 'one person, ticket 88',
    });
    told = merge.body.position;
    const joined = await explained(user('ayse-7'), user('emre-8'));
    expect(joined.relation?.outcome).toBe('together');
    const orders = joined.relation?.undoing.orders.map(({ commandId }) => commandId);
    expect(orders).toEqual([merge.body.commandId]);
    const undo = await temas.call<{ position: string }>('POST', '/v1/identity/commands', {
      kind: 'undo',
      command: merge.body.commandId,
      reason: 'wrong ticket',
    });
    told = undo.body.position;
    expect((await explained(user('ayse-7'), user('emre-8'))).relation?.outcome).not.toBe('together');
  });

  it('says it in sentences, in English and in Turkish', async () => {
    const english = await ask([user('emre-8')], { accept: 'text/plain' });
    expect(english.type).toBe('text/plain; charset=utf-8');
    expect(english.text).toContain(
      'The user id “emre-8” and the e-mail address “ayse@example.com” were kept apart',
    );
    expect(english.text).toContain('a person has only one user id');
    expect(english.text).toContain('4 March 2026');
    const turkish = await ask([user('emre-8')], {
      accept: 'text/plain',
      'accept-language': 'tr-TR,tr;q=0.9',
    });
    expect(turkish.text).toContain(
      '“emre-8” kullanıcı numarası ile “ayse@example.com” e-posta adresi ayrı tutuldu: bir kişide en çok 1 kullanıcı numarası bulunur.',
    );
    expect(turkish.text).toContain('4 Mart 2026');
    const parting = await ask([user('ayse-7'), email], {}, 'format=text');
    expect(parting.text).toContain('temas identity split user_id=ayse-7 email=ayse@example.com');
  });

  it('draws it', async () => {
    const picture = await ask([email], { accept: 'image/svg+xml' });
    expect(picture.type).toBe('image/svg+xml; charset=utf-8');
    expect(picture.text).toMatch(/^<svg /);
    expect(picture.text).toContain('ayse@example.com');
    expect(picture.text).toContain('stroke-dasharray="7 5"');
  });

  it('hides values where that is asked, and says what it cannot take', async () => {
    for (const format of ['json', 'text', 'svg']) {
      const { status, text } = await ask([email], {}, `format=${format}&values=hidden`);
      expect(status).toBe(200);
      expect(text).not.toMatch(/ayse|laptop|5321234567/);
    }
    expect((await ask([user('nobody')])).status).toBe(404);
    expect((await ask([])).status).toBe(400);
    expect((await ask([email], {}, 'format=pdf')).status).toBe(400);
    expect((await ask([{ anchor: '1' }])).status).toBe(404);
    expect((await temas.get('/v1/profiles/00000000-0000-5000-8000-000000000000/explanation')).status).toBe(
      404,
    );
    expect((await temas.get('/v1/profiles/x/explanation')).status).toBe(400);
  });

  it(
    'answers on the command line',
    async () => {
      const env = {
        ...process.env,
        NODE_OPTIONS: '',
        TEMAS_DATA_DIR: data.path,
        TEMAS_PORT: new URL(temas.url).port,
        TEMAS_ADMIN_KEY: KEYS.admin,
      };
      const cli = async (...args: string[]): Promise<string> =>
        (
          await run(process.execPath, [CLI, 'explain', ...args], {
            env: { ...env, LANG: 'tr_TR.UTF-8', LC_ALL: '' },
          })
        ).stdout;
      expect(await cli('user_id=ayse-7', 'email=ayse@example.com')).toContain('aynı kişinin');
      const json = JSON.parse(await cli('user_id=ayse-7', '--json')) as Told;
      expect(await cli(json.profiles[0]?.id as string, '--language', 'en')).toContain(
        'One person, known by 4 identifiers',
      );
      const file = join(pictures, 'ayse.svg');
      await cli('user_id=ayse-7', '--svg', file);
      expect(readFileSync(file, 'utf8')).toMatch(/^<svg /);
      await expect(cli('user_id=nobody')).rejects.toThrow('nobody was seen');
    },
    3 * MINUTE,
  );
});

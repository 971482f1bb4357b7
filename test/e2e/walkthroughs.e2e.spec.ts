import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

type Item = Record<string, unknown>;

interface Profile {
  readonly id: string;
  readonly identifiers: readonly { readonly namespace: string; readonly value: string }[];
}

/** Short names of the stories: `user ayse`, `mail …`, `phone …`, `device …`. */
const NAMESPACES: Readonly<Record<string, string>> = {
  user: 'user_id',
  mail: 'email',
  phone: 'phone',
  device: 'anonymous_id',
  crm: 'crm_id',
};

/** What goes wrong with people elsewhere, told through the front door as it happens, and who is who afterwards. */
describe('walkthroughs', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  let sent = 0;
  let position = '0';

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  /** Sends what happened, one call after the other, a minute apart. */
  async function happens(...items: readonly Item[]): Promise<void> {
    const batch = items.map((item) => ({
      type: 'identify',
      messageId: `walk-${++sent}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + sent * 60_000).toISOString(),
      ...item,
    }));
    const { status, body } = await temas.send('batch', { batch });
    expect([status, body.errors]).toEqual([200, undefined]);
    position = body.position as string;
  }

  async function profileOf(name: string): Promise<Profile | undefined> {
    const [kind, value] = name.split(' ') as [string, string];
    const { status, body } = await temas.call<Profile>('POST', `/v1/profiles/lookup?after=${position}`, {
      namespace: NAMESPACES[kind],
      value,
    });
    expect([200, 404]).toContain(status);
    return status === 200 ? body : undefined;
  }

  /** The people that these identifiers belong to, each as its identifiers. */
  async function people(...names: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (const name of names) {
      const profile = await profileOf(name);
      const members = profile?.identifiers.map(({ namespace, value }) => {
        const kind = Object.keys(NAMESPACES).find((short) => NAMESPACES[short] === namespace);
        return `${kind} ${value}`;
      });
      found.add(members?.sort().join(', ') ?? `nobody: ${name}`);
    }
    return [...found].sort();
  }

  it('a tablet in the shop is nobody’s as soon as a second customer uses it', async () => {
    await happens({ userId: 'ayse', anonymousId: 'tablet' });
    expect(await people('user ayse')).toEqual(['device tablet, user ayse']);
    await happens(
      { userId: 'can', anonymousId: 'tablet' },
      { type: 'page', anonymousId: 'tablet', name: 'Shoes' },
    );
    expect(await people('user ayse', 'user can', 'device tablet')).toEqual([
      'device tablet',
      'user ayse',
      'user can',
    ]);
    const rows = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE anonymous_id = 'tablet' GROUP BY profile_id ORDER BY n`,
      position,
    );
    expect(rows.map(({ n }) => n)).toEqual(['1', '1', '1']);
  });

  it('a call centre that types its own number for 500 customers joins none of them', async () => {
    const callers = Array.from({ length: 500 }, (_, i) => `caller-${i}`);
    await happens(...callers.map((userId) => ({ userId, traits: { phone: '+905321110000' } })));
    expect(await people('phone +905321110000')).toEqual(['phone +905321110000']);
    const [row] = await temas.sql<Record<string, string>>(
      `SELECT uniqExact(profile_id) AS people, count() AS events FROM events WHERE startsWith(user_id, 'caller-')`,
      position,
    );
    expect(row).toEqual({ people: '500', events: '500' });
  }, 60_000);

  it('an address that everybody tries out is nobody’s', async () => {
    await happens(
      { userId: 'tester-1', traits: { email: 'test@test.com' } },
      { userId: 'tester-2', traits: { email: 'Test@Test.com' } },
      { userId: 'tester-3', anonymousId: 'lab', traits: { email: 'test@test.com' } },
    );
    expect(await people('user tester-1', 'user tester-2', 'user tester-3', 'mail test@test.com')).toEqual([
      'device lab, user tester-3',
      'nobody: mail test@test.com',
      'user tester-1',
      'user tester-2',
    ]);
  });

  it('ids that a broken program sends join nobody', async () => {
    const broken = ['null', 'undefined', '[object Object]', '0', '00000000-0000-0000-0000-000000000000'];
    await happens(
      ...broken.flatMap((userId, i) => [
        { userId, anonymousId: `phone-a${i}` },
        { userId, anonymousId: `phone-b${i}` },
      ]),
    );
    const devices = broken.flatMap((_, i) => [`device phone-a${i}`, `device phone-b${i}`]);
    expect(await people(...devices)).toEqual([...devices].sort());
    expect(await people(...broken.map((id) => `user ${id}`))).toEqual(
      broken.map((id) => `nobody: user ${id}`).sort(),
    );
  });

  it('an event with two people’s ids is stored and links nothing', async () => {
    await happens(
      { userId: 'elif', traits: { email: 'elif@walk.example' } },
      { userId: 'deniz', traits: { email: 'deniz@walk.example' } },
    );
    const second = { id: 'deniz', type: 'user_id', collection: 'users', encoding: 'none' };
    await happens({
      type: 'track',
      event: 'Cart Viewed',
      userId: 'elif',
      anonymousId: 'kitchen',
      context: { externalIds: [second] },
    });
    expect(await people('user elif', 'user deniz')).toEqual([
      'mail deniz@walk.example, user deniz',
      'mail elif@walk.example, user elif',
    ]);
    const [row] = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM events WHERE event = 'Cart Viewed'`,
      position,
    );
    expect(row?.n).toBe('1');
  });

  it('who logs out without a reset does not become who logs in next', async () => {
    await happens(
      { type: 'page', anonymousId: 'laptop', name: 'Home' },
      { userId: 'mert', anonymousId: 'laptop', traits: { email: 'mert@walk.example' } },
      { userId: 'zeynep', anonymousId: 'laptop', traits: { email: 'zeynep@walk.example' } },
    );
    expect(await people('user mert', 'user zeynep', 'device laptop')).toEqual([
      'device laptop',
      'mail mert@walk.example, user mert',
      'mail zeynep@walk.example, user zeynep',
    ]);
  });

  it('a family’s one address stays with who was first seen with it, in whatever order that is learnt', async () => {
    const mail = 'aile@walk.example';
    const at = (hour: number): string => new Date(Date.UTC(2025, 5, 1, hour)).toISOString();
    await happens(
      { userId: 'baba', timestamp: at(12), traits: { email: mail } },
      { userId: 'anne', timestamp: at(9), traits: { email: mail } },
      { userId: 'kiz', timestamp: at(15), traits: { email: mail } },
    );
    expect(await people('user anne', 'user baba', 'user kiz')).toEqual([
      `mail ${mail}, user anne`,
      'user baba',
      'user kiz',
    ]);
  });

  it('a telephone number that was given to somebody else goes to them when it is released', async () => {
    const phone = '+905329990001';
    await happens({ userId: 'before', traits: { phone } }, { userId: 'after', traits: { phone } });
    expect(await people('user before', 'user after')).toEqual([`phone ${phone}, user before`, 'user after']);
    const { status, body } = await temas.call<{ position: string }>('POST', '/v1/identity/commands', {
      kind: 'release',
      identifiers: [{ namespace: 'phone', value: phone }],
      reason: 'the number was given to somebody else',
      actor: 'walkthrough',
    });
    expect(status).toBeLessThan(300);
    position = body.position;
    await happens({ userId: 'after', traits: { phone } });
    expect(await people('user before', 'user after')).toEqual([`phone ${phone}, user after`, 'user before']);
  });

  it('a row of the CRM that changes its address leaves the old one behind', async () => {
    const row = (email: string): Item => ({
      userId: 'crm-7',
      traits: { email },
      context: { temas: { recordId: 'row-7' } },
    });
    await happens(row('old@walk.example'));
    expect(await people('user crm-7')).toEqual(['mail old@walk.example, user crm-7']);
    await happens(row('new@walk.example'));
    expect(await people('user crm-7', 'mail old@walk.example')).toEqual([
      'mail new@walk.example, user crm-7',
      'mail old@walk.example',
    ]);
  });
});

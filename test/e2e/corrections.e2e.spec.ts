import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';
import type { Answer } from '../support/temas-process.ts';

interface Correction {
  readonly id: string;
  readonly value: string;
  readonly outcome: string;
  readonly status: string;
  readonly ruleId: string;
  readonly source: string;
  readonly eventId: string;
  readonly derivedFrom: string;
}

interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly traits: Readonly<Record<string, { value: unknown; display?: string | null; title?: string }>>;
  readonly identifiers: readonly { namespace: string; value: string; anchor: string; facts?: string[] }[];
  readonly corrections: readonly Correction[];
}

describe('what people typed', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function identify(userId: string, traits: object, more: object = {}): Promise<string> {
    const { body } = await temas.send('identify', { userId, traits, ...more });
    expect(body.success).toBe(true);
    return body.position as string;
  }

  async function lookup(namespace: string, value: string, after: string): Promise<Answer<Person>> {
    return temas.call<Person>('POST', `/v1/profiles/lookup?after=${after}`, { namespace, value });
  }

  async function person(userId: string, after: string): Promise<Person> {
    return (await lookup('user_id', userId, after)).body;
  }

  const decide = (
    id: string,
    verdict: string,
    body: object,
  ): Promise<Answer<Correction & { position: string }>> =>
    temas.call('POST', `/v1/corrections/${id}/${verdict}`, body);

  it('is kept as typed; a correction stands beside it, unverified, with its provenance', async () => {
    const at = await identify('typo', { email: 'Elif@gmial.con', first_name: 'İBRAHİM', city: 'ISTANBUL' });
    const typo = await person('typo', at);
    expect(typo.traits.email?.value).toBe('Elif@gmial.con');
    expect(typo.email).toBe('elif@gmial.con');
    expect(typo.identifiers.map(({ value }) => value)).toEqual(['elif@gmial.con', 'typo']);
    const derivedFrom = typo.identifiers.find(({ namespace }) => namespace === 'email')?.anchor;
    expect(typo.corrections).toMatchObject([
      {
        namespace: 'email',
        value: 'elif@gmail.com',
        outcome: 'correction',
        status: 'unverified',
        strength: 0,
        derivedFrom,
        ruleId: 'tld.typo:con+sld.typo:gmial',
        rulesetVersion: 2,
        confidence: 0.98,
        source: 'default',
        decided: null,
      },
    ]);
    expect(typo.traits.first_name).toMatchObject({ value: 'İBRAHİM', display: 'İbrahim' });
    expect(typo.traits.city).toMatchObject({ value: 'ISTANBUL', display: 'İstanbul' });
    // Nobody else has the address: whoever asks for it finds the one person who may have meant it.
    expect((await lookup('email', 'elif@gmail.com', at)).body.id).toBe(typo.id);
    const [row] = await temas.sql<Record<string, unknown>>(
      `SELECT typed, value, outcome, status, rule_id, profile_id, guess_profile_id FROM corrections
       WHERE value = 'elif@gmail.com'`,
      at,
    );
    expect(row).toEqual({
      typed: 'elif@gmial.con',
      value: 'elif@gmail.com',
      outcome: 'correction',
      status: 'unverified',
      rule_id: 'tld.typo:con+sld.typo:gmial',
      profile_id: typo.id,
      guess_profile_id: '00000000-0000-0000-0000-000000000000',
    });
    const [shown] = await temas.sql<{ display: string; email: string }>(
      "SELECT display, email FROM profiles WHERE has(user_ids, 'typo')",
    );
    expect(shown?.email).toBe('elif@gmial.con');
    expect(JSON.parse(shown?.display as string)).toEqual({ first_name: 'İbrahim', city: 'İstanbul' });
  });

  it('never makes one person of two, nor a consent of a stranger theirs', async () => {
    const owner = { anonymousId: 'owner-device', event: 'Consent Updated' };
    await temas.send('track', {
      ...owner,
      context: { traits: { email: 'deniz@gmail.com' } },
      properties: { categoryPreferences: { marketing: true } },
    });
    const at = await identify('guesser', { email: 'deniz@gmail.con' });
    const guesser = await person('guesser', at);
    const found = (await lookup('email', 'deniz@gmail.com', at)).body;
    expect(found.id).not.toBe(guesser.id);
    expect(guesser.corrections).toMatchObject([{ value: 'deniz@gmail.com', status: 'unverified' }]);
    const consents = await temas.get<{ consents: object[] }>(`/v1/profiles/${guesser.id}/consents`);
    expect(consents.body.consents).toEqual([]);
    const suggested = await temas.sql(
      `SELECT rule, profile_ids FROM duplicate_suggestions WHERE has(profile_ids, toUUID('${guesser.id}'))`,
      at,
    );
    expect(suggested).toEqual([{ rule: 'correction', profile_ids: [guesser.id, found.id].sort() }]);
  });

  it('is rejected for good', async () => {
    const at = await identify('refuser', { email: 'mert@hotmal.com' });
    const [guess] = (await person('refuser', at)).corrections as [Correction];
    expect((await decide(guess.id, 'reject', { reason: '' })).status).toBe(400);
    const rejected = await decide(guess.id, 'reject', { reason: 'his own domain', actor: 'agent-7' });
    expect(rejected.body).toMatchObject({ status: 'rejected' });
    const again = await identify('refuser', { email: 'mert@hotmal.com' }, { messageId: 'again' });
    const after = (await person('refuser', again)).corrections;
    expect(after).toMatchObject([
      { id: guess.id, status: 'rejected', decided: { actor: 'admin:agent-7', reason: 'his own domain' } },
    ]);
    expect((await lookup('email', 'mert@hotmail.com', again)).status).toBe(404);
    expect((await decide(guess.id, 'confirm', { reason: 'a change of mind' })).status).toBe(409);
    const queue = await temas.get<{ corrections: { value: string }[] }>(`/v1/corrections?after=${again}`);
    expect(queue.body.corrections.map(({ value }) => value)).not.toContain('mert@hotmail.com');
    const done = await temas.get<{ corrections: { value: string; decided_by: string }[] }>(
      '/v1/corrections?status=rejected',
    );
    expect(done.body.corrections).toMatchObject([{ value: 'mert@hotmail.com', decided_by: 'admin:agent-7' }]);
  });

  it('is confirmed, and then as good as typed', async () => {
    const device = { anonymousId: 'sms-link', context: { traits: { email: 'zeynep@outlook.com' } } };
    await temas.send('page', { ...device, name: 'Newsletter' });
    const at = await identify('agreer', { email: 'zeynep@outlok.com' });
    const before = await person('agreer', at);
    const [guess] = before.corrections as [Correction];
    expect((await lookup('email', 'zeynep@outlook.com', at)).body.id).not.toBe(before.id);
    const { body } = await decide(guess.id, 'confirm', { reason: 'clicked the link in the mail' });
    expect(body.status).toBe('confirmed');
    const after = (await lookup('email', 'zeynep@outlook.com', body.position)).body;
    expect(after.id).toBe(before.id);
    expect(after.corrections).toMatchObject([{ status: 'confirmed' }]);
    const emails = after.identifiers
      .filter(({ namespace }) => namespace === 'email')
      .map(({ value }) => value);
    expect(emails.sort()).toEqual(['zeynep@outlok.com', 'zeynep@outlook.com']);
    expect(after.email).toBe('zeynep@outlook.com');
    const now = new Date().toISOString();
    const then = await temas.get<Person>(`/v1/profiles/${before.id}?asOf=${now}&after=${body.position}`);
    expect(then.body).toMatchObject({ email: after.email, identifiers: after.identifiers });
    expect(then.body.corrections).toBeUndefined();
    const told = await temas.call<{ relation: { path: { sayings: object[] }[] } }>(
      'POST',
      '/v1/profiles/explain',
      {
        identifiers: emails.map((value) => ({ namespace: 'email', value })),
      },
    );
    expect(told.body.relation.path[0]?.sayings).toMatchObject([{ kind: 'confirmed', actor: 'admin' }]);
    const [identity] = await temas.sql<{ n: string }>(
      `SELECT count() AS n FROM identities WHERE namespace = 'email' AND profile_id = '${before.id}'`,
      body.position,
    );
    expect(identity?.n).toBe('2');
  });

  it('is only suggested where a rule is not sure, or what was typed is no address', async () => {
    await identify('near', { email: 'can@gmaik.com' });
    const at = await identify('cut', { email: 'can@gmail' });
    expect((await person('near', at)).corrections).toMatchObject([
      { value: 'can@gmail.com', outcome: 'suggestion' },
    ]);
    expect((await person('cut', at)).corrections).toMatchObject([
      { value: 'can@gmail.com', outcome: 'suggestion', ruleId: 'tld.missing' },
    ]);
    expect((await lookup('email', 'can@gmail.com', at)).status).toBe(404);
  });

  it('suggests that people with addresses of one box are one, and writes to none but the typed one', async () => {
    await identify('dots', { email: 'ay.se.kaya@gmail.com' });
    const at = await identify('tags', { email: 'aysekaya+shop@googlemail.com' });
    const [one, two] = [await person('dots', at), await person('tags', at)];
    expect(one.email).toBe('ay.se.kaya@gmail.com');
    expect(one.id).not.toBe(two.id);
    const [suggested] = await temas.sql(
      "SELECT rule, match_key, profile_ids FROM duplicate_suggestions WHERE match_key = 'gmail:aysekaya'",
      at,
    );
    expect(suggested).toEqual({
      rule: 'provider',
      match_key: 'gmail:aysekaya',
      profile_ids: [one.id, two.id].sort(),
    });
  });

  it('guesses about webhooks too', async () => {
    const { body } = await temas.call<{ webhookPath: string }>('POST', '/v1/sources', { source: 'forms' });
    const item = { event: 'Form Sent', email: 'Nur@hotmal.com', id: 'form-1' };
    const answer = await fetch(`${temas.url}${body.webhookPath}`, {
      method: 'POST',
      body: JSON.stringify(item),
    });
    const { position } = (await answer.json()) as { position: string };
    const sender = (await lookup('email', 'nur@hotmal.com', position)).body;
    expect(sender.corrections).toMatchObject([
      { value: 'nur@hotmail.com', status: 'unverified', source: 'forms' },
    ]);
  });

  it('reads phones of a field, in the country of its source', async () => {
    const at = await identify('phones', {
      phone: '0532 123 45 67 dahili 3 / 0533 123 45 67, 0212 293 10 20',
    });
    const numbers = (await person('phones', at)).identifiers.filter(({ namespace }) => namespace === 'phone');
    expect(numbers.map(({ value, facts }) => [value, facts]).sort()).toEqual([
      ['+905321234567', ['mobile', 'TR']],
      ['+905331234567', ['mobile', 'TR']],
    ]);
    const { body } = await temas.call<{ writeKey: string }>('POST', '/v1/sources', {
      source: 'de',
      country: 'DE',
    });
    const german = await temas.sendWith(body.writeKey, 'identify', {
      userId: 'german',
      traits: { phone: '0151 23456789' },
    });
    const there = await person('german', german.body.position as string);
    expect(there.identifiers).toMatchObject([{ value: '+4915123456789' }, { value: 'german' }]);
  });

  it('is the same after a rebuild', async () => {
    const { body } = await temas.call<{ status: string }>('POST', '/v1/projections/rebuild');
    let state = body as {
      status: string;
      equal?: boolean;
      report?: { views: { view: string; equal: boolean }[] };
    };
    while (state.status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 200));
      state = (await temas.get<typeof state>('/v1/projections/rebuild')).body;
    }
    expect(state.report?.views.filter(({ equal }) => !equal)).toEqual([]);
    expect(state.report?.views.map(({ view }) => view)).toContain('corrections');
    expect(state).toMatchObject({ status: 'succeeded' });
  }, 60_000);
});

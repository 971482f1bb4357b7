import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

interface Consents {
  readonly consents: readonly { purpose: string; granted: boolean }[];
}

describe('consent', () => {
  const data = makeDataDir();
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function choose(ids: Record<string, string>, categoryPreferences: object): Promise<string> {
    const item = { ...ids, event: 'Consent Updated', properties: { categoryPreferences } };
    return (await temas.send('track', item)).body.position as string;
  }

  async function consentsOf(
    namespace: string,
    value: string,
    after: string,
  ): Promise<Record<string, boolean>> {
    const { body } = await temas.call<{ id: string }>('POST', `/v1/profiles/lookup?after=${after}`, {
      namespace,
      value,
    });
    const answer = await temas.get<Consents>(`/v1/profiles/${body.id}/consents`);
    return Object.fromEntries(answer.body.consents.map(({ purpose, granted }) => [purpose, granted]));
  }

  async function tables(after: string): Promise<unknown[]> {
    return temas.sql(
      `SELECT purpose, granted FROM consents
       WHERE profile_id IN (SELECT profile_id FROM profiles WHERE has(user_ids, 'ayse')) ORDER BY purpose`,
      after,
    );
  }

  it('is what was chosen last, and a merge makes no permission of a refusal', async () => {
    await choose({ anonymousId: 'phone' }, { analytics: true, marketing: false });
    await choose({ userId: 'ayse' }, { analytics: true, marketing: true });
    const apart = await choose({ anonymousId: 'phone' }, { analytics: true });
    expect(await consentsOf('anonymous_id', 'phone', apart)).toEqual({ analytics: true, marketing: false });
    expect(await consentsOf('user_id', 'ayse', apart)).toEqual({ analytics: true, marketing: true });

    const { body } = await temas.send('identify', { userId: 'ayse', anonymousId: 'phone' });
    const merged = body.position as string;
    expect(await consentsOf('user_id', 'ayse', merged)).toEqual({ analytics: true, marketing: false });
    expect(await tables(merged)).toEqual([
      { purpose: 'analytics', granted: 1 },
      { purpose: 'marketing', granted: 0 },
    ]);

    const agreed = await choose({ userId: 'ayse', anonymousId: 'phone' }, { marketing: true });
    expect(await consentsOf('user_id', 'ayse', agreed)).toEqual({ analytics: true, marketing: true });
    expect(await tables(agreed)).toContainEqual({ purpose: 'marketing', granted: 1 });
  });
});

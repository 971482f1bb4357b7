import { describe, expect, it } from '@jest/globals';
import type { Ref, SourceName, Workspace } from '#kernel';
import { IDENTIFIERS, ANCHORS } from '#profile';
import { UnitOfWork } from '#state-store';
import type { AccountInput } from './account-input.ts';
import { TRAITS_MAX } from '#profile';
import { foldAccount } from './fold-account.ts';
import { input, MemoryRows, readAccount, storeOf } from './testing/inputs.ts';

const by = (source: string): SourceName => source as SourceName;

describe('which word on an account’s trait counts', () => {
  const plan = (value: unknown, place: number, over: Partial<AccountInput> = {}): AccountInput =>
    input({ place, traits: { plan: value }, ...over });

  it.each([
    ['the later one by event time', plan('new', 1, { at: 2_000 }), plan('old', 2, { sourceRank: 1 })],
    [
      'at equal times that of the higher source',
      plan('new', 1, { sourceRank: 1 }),
      plan('old', 2, { index: 9 }),
    ],
    ['of one source the later in the batch', plan('new', 1, { index: 2 }), plan('old', 2, { index: 1 })],
    ['of equals the greater event id', plan('new', 2), plan('old', 1)],
    ['also one that nobody said', plan('new', 1, { at: 2_000, anchor: null }), plan('old', 2)],
  ])('%s', async (_, winner, loser) => {
    for (const order of [
      [winner, loser],
      [loser, winner],
    ]) {
      const { account } = await readAccount(await storeOf([order]));
      expect(account?.traits).toEqual({
        plan: {
          value: 'new',
          at: new Date(winner.at).toISOString(),
          source: winner.source,
          eventId: winner.eventId,
        },
      });
    }
  });

  it('hides a trait that was taken back, until it is given again', async () => {
    const gone = [plan('old', 1), plan(null, 2, { at: 2_000 }), plan('late', 3, { at: 1_500 })];
    expect((await readAccount(await storeOf([gone]))).account?.traits).toEqual({});
    const again = [...gone, plan('again', 4, { at: 3_000 })];
    expect((await readAccount(await storeOf([again]))).account?.traits.plan?.value).toBe('again');
  });

  it('takes any name for a trait', async () => {
    const traits = JSON.parse('{"__proto__": 1, "constructor": 2, "a": {"deep": [null]}}') as Record<
      string,
      unknown
    >;
    const { account } = await readAccount(
      await storeOf([[input({ traits })], [input({ place: 2, traits })]]),
    );
    expect(Object.keys(account?.traits ?? {})).toEqual(['__proto__', 'a', 'constructor']);
  });

  it('keeps 500 traits of an account, and counts what it drops', async () => {
    const inputs = Array.from({ length: TRAITS_MAX + 2 }, (_, i) =>
      input({ place: i, traits: { [`t${i}`]: i } }),
    );
    const store = await storeOf([inputs]);
    expect(Object.keys((await readAccount(store)).account?.traits ?? {})).toHaveLength(TRAITS_MAX);
    expect(JSON.parse(store.rows.get('a.account default/acme')?.toString() ?? '')).toMatchObject({
      dropped: 2,
    });
  });
});

describe('who belongs to an account', () => {
  it('tells since when and by whom each member is known', async () => {
    const inputs = [
      input({ place: 3, at: 2_000, source: by('crm') }),
      input({ place: 2, at: 2_000, source: by('shop') }),
      input({ place: 1, at: 5_000 }),
      input({ place: 4, at: 9_000, anchor: '2' as Ref }),
    ];
    for (const order of [inputs, inputs.toReversed()]) {
      expect(await readAccount(await storeOf([order]))).toEqual({
        account: {
          workspace: 'default',
          accountId: 'acme',
          traits: {},
          firstSeenAt: '1970-01-01T00:00:02.000Z',
          lastSeenAt: '1970-01-01T00:00:09.000Z',
        },
        membership: {
          workspace: 'default',
          accountId: 'acme',
          anchor: '1',
          firstSeenAt: '1970-01-01T00:00:02.000Z',
          lastSeenAt: '1970-01-01T00:00:05.000Z',
          source: 'shop',
        },
      });
    }
  });

  it('is many to many', async () => {
    const pairs = ['1 a', '1 b', '2 a'].map((pair) => pair.split(' ') as [Ref, string]);
    const store = await storeOf([
      pairs.map(([anchor, accountId], i) => input({ place: i, anchor, accountId })),
    ]);
    for (const [anchor, accountId] of pairs) {
      expect((await readAccount(store, { anchor, accountId })).membership).toMatchObject({
        anchor,
        accountId,
      });
    }
    expect((await readAccount(store, { anchor: '2' as Ref, accountId: 'b' })).membership).toBeNull();
  });

  it('is nobody where the call belongs to nobody', async () => {
    const store = await storeOf([[input({ anchor: null, traits: { plan: 'pro' } })]]);
    expect([...store.rows.keys()]).toEqual(['a.account default/acme']);
  });

  it('is told apart by workspace, and by names with slashes', async () => {
    const other = { workspace: 'other' as Workspace };
    const store = await storeOf([
      [input({ traits: { plan: 1 } }), input({ place: 2, accountId: 'acme/1', ...other })],
    ]);
    expect(await readAccount(store, other)).toEqual({ account: null, membership: null });
    expect((await readAccount(store, { accountId: 'acme/1', ...other })).account).not.toBeNull();
  });
});

describe('the fold', () => {
  it('changes nothing of a person', async () => {
    const store = await storeOf([[input({ traits: { name: 'A Ltd.', email: 'a@example.com' } })]]);
    for (const { name } of [ANCHORS, IDENTIFIERS]) {
      expect([...store.rows.keys()].filter((key) => key.startsWith(name))).toEqual([]);
    }
  });

  it('refuses an account that nobody loaded', () => {
    expect(() => foldAccount(new UnitOfWork(new MemoryRows()), input())).toThrow(
      expect.objectContaining({ code: 'STATE_STORE.NOT_LOADED' }),
    );
  });
});

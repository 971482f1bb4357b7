import { describe, expect, it } from '@jest/globals';
import type { ProfileId, Ref } from '#kernel';
import { MAX_MEMBERS, obstacleTo, survivorFirst } from './feasibility.ts';
import type { Member, ProfileRow } from './identity-rows.ts';
import { WORKSPACE } from './testing/history.ts';

const some = (ns: string, count: number, mark = 'a'): Member[] =>
  Array.from({ length: count }, (_, i): Member => [ns, `${mark}${i}` as Ref]);

describe('obstacleTo', () => {
  it('counts each namespace against its limit', () => {
    expect(obstacleTo(some('email', 3), some('email', 2, 'b'), false)).toBeUndefined();
    expect(obstacleTo(some('email', 3), some('email', 3, 'b'), false)).toMatchObject({
      reason: 'LIMIT',
      limit: 5,
    });
  });

  it('lets a weak link join at most one group that names a person', () => {
    const [user, customer, visitor] = [some('user_id', 1), some('crm_id', 1), some('email', 1)];
    expect(obstacleTo(user, customer, true)).toMatchObject({ reason: 'WEAK_BRIDGE' });
    expect(obstacleTo(user, customer, false)).toBeUndefined();
    expect(obstacleTo(user, visitor, true)).toBeUndefined();
  });

  it('bounds the whole profile', () => {
    const names = Array.from({ length: MAX_MEMBERS / 5 }, (_, i) => some(`handle_${i}`, 5)).flat();
    expect(obstacleTo(names, some('anonymous_id', 1), false)).toMatchObject({ reason: 'MAX_SIZE' });
    expect(obstacleTo(names.slice(1), some('anonymous_id', 1), false)).toBeUndefined();
  });
});

describe('survivorFirst', () => {
  const profile = (id: string, createdAt: string, members: Member[]) => ({
    id: id as ProfileId,
    row: {
      workspace: WORKSPACE,
      founding: members[0] as Member,
      createdAt,
      members,
      published: 0,
      aliases: [],
      refused: [],
      refusedUntold: 0,
    } satisfies ProfileRow,
  });

  it.each([
    ['known beats older', profile('b', '10', some('user_id', 1)), profile('a', '9', some('email', 1))],
    [
      'older beats younger, as a number',
      profile('b', '9', some('email', 1)),
      profile('a', '10', some('email', 1)),
    ],
    [
      'the smaller id decides among equals',
      profile('a', '9', some('email', 1)),
      profile('b', '9', some('phone', 1)),
    ],
  ])('%s', (_, survivor, absorbed) => {
    expect(survivorFirst(survivor, absorbed)[0]).toBe(survivor);
    expect(survivorFirst(absorbed, survivor)[0]).toBe(survivor);
  });
});

import { describe, expect, it } from '@jest/globals';
import { NIL_PROFILE, type Ref, type Workspace } from '#kernel';
import { UnitOfWork } from '#state-store';
import { createMatcher } from './matcher.ts';
import { profileIdOf } from './profile-id.ts';
import { TOLD_MAX } from './told-links.ts';
import { identityReader } from './identity-reader.ts';
import { history, kinds, observation, run, WORKSPACE } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';

const idOf = (ref: string) => profileIdOf(WORKSPACE, ref as Ref);

async function partitionOf(lines: readonly string[]): Promise<string[]> {
  const store = new MemoryState();
  const observations = history(...lines);
  await run(store, observations);
  const reader = identityReader(store);
  const groups = new Map<string, string[]>();
  for (const ref of [...new Set(observations.flatMap(({ refs }) => refs.map((one) => one.ref)))].sort()) {
    const profile = await reader.profileOf(ref);
    if (profile !== undefined) groups.set(profile, [...(groups.get(profile) ?? []), ref]);
  }
  return [...groups.values()].map((group) => group.join(' ')).sort();
}

describe('what becomes one profile', () => {
  it.each([
    ['a visitor who logs in', ['a1', 'u1 a1'], ['a1 u1']],
    ['two devices of one user', ['u1 a1', 'u1 a2'], ['a1 a2 u1']],
    ['two visitors who turn out to be one', ['a1', 'a2', 'u1 a1', 'u1 a2'], ['a1 a2 u1']],
    ['a second user at the same device', ['u1 a1', 'u2 a1'], ['a1', 'u1', 'u2']],
    ['a CRM row and a user who share a device only', ['c1', 'u1 a1', 'c1 a1'], ['a1', 'c1', 'u1']],
    ['a CRM row and a user who share an e-mail', ['c1 e1', 'u1 e1'], ['c1 e1 u1']],
    ['a CRM row and a user who share a repaired e-mail', ['c1 e1', 'u1 ~e1'], ['c1 e1', 'u1']],
    ['a newsletter reader who signs up', ['e1 a1', 'u1 e1'], ['a1 e1 u1']],
    ['a sixth e-mail', ['u1 e1', 'u1 e2', 'u1 e3', 'u1 e4', 'u1 e5', 'u1 e6'], ['e1 e2 e3 e4 e5 u1', 'e6']],
    ['two user ids in one touchpoint', ['x1 u1 u2'], []],
    ['a touchpoint of nobody', ['x1'], []],
    ['an identifier named twice', ['u1 a1 u1 a1'], ['a1 u1']],
  ])('%s', async (_, lines, partition) => {
    expect(await partitionOf(lines)).toEqual(partition);
  });

  it('keeps workspaces apart', async () => {
    const store = new MemoryState();
    const other = 'other' as Workspace;
    const steps = await run(store, [observation(1, 'u1 a1'), observation(2, 'u2 a2', other)]);
    expect(steps[1]?.profileId).toBe(profileIdOf(other, 'u2' as Ref));
    expect(profileIdOf(other, 'u2' as Ref)).not.toBe(idOf('u2'));
  });
});

describe('what is decided', () => {
  it('keeps the visit’s profile when the visitor logs in, and publishes from there on', async () => {
    const [visit, login] = await run(new MemoryState(), history('a1', 'u1 e1 a1'));
    expect(visit?.decisions).toMatchObject([{ kind: 'ProfileCreated', details: { kind: 'anonymous' } }]);
    expect(visit?.decisions[0]).not.toHaveProperty('publish');
    expect(login?.profileId).toBe(idOf('a1'));
    expect(login).toMatchObject({ moved: [], changed: [idOf('a1')] });
    expect(login?.decisions).toMatchObject([
      {
        kind: 'ProfileIdentified',
        n: 0,
        details: { identifiers: [{ ref: 'a1' }, { ref: 'u1' }, { ref: 'e1' }] },
        publish: { stream: `profile-default.${idOf('a1')}`, revision: 0 },
      },
      {
        kind: 'IdentifierLinked',
        n: 1,
        details: {
          identifier: { ns: 'user_id', ref: 'u1' },
          to: { ns: 'anonymous_id', ref: 'a1' },
          strength: 2,
        },
        publish: { revision: 1 },
      },
      { kind: 'IdentifierLinked', n: 2, details: { identifier: { ref: 'e1' }, to: { ref: 'u1' } } },
    ]);
  });

  it('tells a merge in both streams and moves the absorbed profile’s identifiers', async () => {
    const store = new MemoryState();
    const [, , merged] = await run(store, history('e1 a1', 'u1 a2', 'u1 e1'));
    const [survivor, absorbed] = [idOf('u1'), idOf('e1')];
    expect(merged?.decisions).toMatchObject([
      {
        kind: 'ProfilesMerged',
        profileId: survivor,
        otherProfileId: absorbed,
        rule: 'R6',
        details: { moved: [{ ref: 'e1' }, { ref: 'a1' }], before: { survivor: 2, absorbed: 2 }, after: 4 },
        publish: { stream: `profile-default.${survivor}`, revision: 2 },
      },
      {
        kind: 'ProfileAbsorbed',
        profileId: absorbed,
        otherProfileId: survivor,
        publish: { stream: `profile-default.${absorbed}`, revision: 2 },
      },
    ]);
    expect(merged?.moved).toEqual([
      { ref: 'e1', from: absorbed, to: survivor },
      { ref: 'a1', from: absorbed, to: survivor },
    ]);
    const reader = identityReader(store);
    expect(await reader.membership(absorbed)).toEqual(await reader.membership(survivor));
    expect((await reader.membership(absorbed))?.profileId).toBe(survivor);
    expect(await reader.membership(idOf('nobody'))).toBeUndefined();
    expect(await reader.profileOf('nobody' as Ref)).toBeUndefined();
  });

  it('publishes nothing of devices that turn out to be one person’s', async () => {
    const [, , merged] = await run(new MemoryState(), history('d1', 'a1', 'd1 a1'));
    expect(kinds(merged)).toEqual(['ProfilesMerged', 'ProfileAbsorbed']);
    expect(merged?.decisions.some(({ publish }) => publish !== undefined)).toBe(false);
  });

  it('identifies an older visitor who absorbs a known profile before it tells of the merge', async () => {
    const [, , merged] = await run(new MemoryState(), history('a1', 'e1', 'e1 a1'));
    expect(merged?.profileId).toBe(idOf('a1'));
    expect(merged?.decisions).toMatchObject([
      { kind: 'ProfileIdentified', publish: { revision: 0 } },
      { kind: 'ProfilesMerged', publish: { revision: 1 } },
      { kind: 'ProfileAbsorbed', profileId: idOf('e1'), publish: { revision: 1 } },
    ]);
  });

  it('moves an identifier once in a step that merges twice', async () => {
    const steps = await run(new MemoryState(), history('p2', 'p1', 'e1', 'e1 p1 p2'));
    expect(kinds(steps[3]).filter((kind) => kind === 'ProfilesMerged')).toHaveLength(2);
    expect(steps[3]?.moved).toEqual([
      { ref: 'e1', from: idOf('e1'), to: idOf('p2') },
      { ref: 'p1', from: idOf('p1'), to: idOf('p2') },
    ]);
  });

  it('refuses a link once per pair and reason, from whichever end it is seen', async () => {
    const steps = await run(new MemoryState(), history('u1 e1', 'u2 e2', 'e1 e2', 'e2 e1', 'e1 e2 a1'));
    expect(steps[2]?.decisions).toMatchObject([
      {
        kind: 'LinkRejected',
        profileId: idOf('u1'),
        otherProfileId: idOf('u2'),
        rule: 'R6',
        details: {
          reason: 'LIMIT',
          namespace: 'user_id',
          limit: 1,
          identifier: { ref: 'e2' },
          to: { ref: 'e1' },
        },
      },
    ]);
    expect(steps[3]?.decisions).toEqual([]);
    expect(kinds(steps[4])).toEqual(['IdentifierLinked']);
  });

  it('takes a device from its first user when a second one shows that it is shared', async () => {
    const steps = await run(new MemoryState(), history('u1 a1', 'u2 a1', 'u2 a1'));
    expect(steps[1]).toMatchObject({
      profileId: idOf('u2'),
      moved: [{ ref: 'a1', from: idOf('u1'), to: idOf('a1') }],
    });
    expect(steps[1]?.decisions).toMatchObject([
      { kind: 'ProfileCreated', profileId: idOf('u2') },
      { kind: 'ProfileCreated', profileId: idOf('a1'), details: { kind: 'anonymous' } },
      {
        kind: 'ProfileSplit',
        profileId: idOf('u1'),
        rule: 'R5',
        details: {
          reason: 'SHARED',
          parts: [
            { profileId: idOf('u1'), identifiers: [{ ref: 'u1' }] },
            { profileId: idOf('a1'), identifiers: [{ ref: 'a1' }] },
          ],
        },
        publish: { revision: 2 },
      },
      { kind: 'IdentifierMarkedShared', profileId: idOf('a1'), details: { identifier: { ref: 'a1' } } },
      {
        kind: 'LinkRevoked',
        profileId: idOf('u1'),
        otherProfileId: idOf('a1'),
        details: { reason: 'SHARED' },
      },
      {
        kind: 'LinkRejected',
        profileId: idOf('u2'),
        otherProfileId: idOf('a1'),
        details: { reason: 'SHARED' },
      },
    ]);
    expect(steps[2]?.decisions).toEqual([]);
  });

  it('stops telling refusals when a profile’s memory of them is full', async () => {
    const others = Array.from({ length: TOLD_MAX + 5 }, (_, i) => i + 1);
    const steps = await run(
      new MemoryState(),
      history('u0 e0', ...others.map((i) => `u${i} e${i}`), ...others.map((i) => `e0 e${i}`)),
    );
    const told = steps.flatMap(({ decisions }) => decisions).filter(({ kind }) => kind === 'LinkRejected');
    expect(told).toHaveLength(TOLD_MAX);
  });

  it('gives a contradictory touchpoint to nobody, with an alarm', async () => {
    const [step] = await run(new MemoryState(), history('x1 u1 u2 e1'));
    expect(step).toMatchObject({ profileId: NIL_PROFILE, moved: [], changed: [] });
    expect(step?.decisions).toMatchObject([
      {
        kind: 'LinkRejected',
        rule: 'R3',
        profileId: NIL_PROFILE,
        details: {
          reason: 'CONTRADICTION',
          identifiers: [
            { ns: 'user_id', ref: 'u1' },
            { ns: 'user_id', ref: 'u2' },
          ],
        },
      },
    ]);
    expect(step?.decisions[0]).not.toHaveProperty('publish');
  });

  it('gives a device beyond its limit a profile of its own', async () => {
    const devices = Array.from({ length: 51 }, (_, i) => `u1 d${i}`);
    const steps = await run(new MemoryState(), history(...devices));
    expect(kinds(steps[49])).toEqual(['IdentifierLinked']);
    expect(kinds(steps[50])).toEqual(['ProfileCreated', 'LinkRejected']);
  });

  it('writes nothing for what it already knew', async () => {
    const store = new MemoryState();
    await run(store, history('u1 a1', 'u2 a1'));
    const matcher = createMatcher();
    const work = new UnitOfWork(store);
    const again = observation(3, 'u2 a1');
    await matcher.load(work, [again]);
    expect(await matcher.observe(work, again)).toEqual({
      profileId: idOf('u2'),
      moved: [],
      changed: [],
      decisions: [],
    });
    expect(work.writes()).toEqual([]);
  });
});

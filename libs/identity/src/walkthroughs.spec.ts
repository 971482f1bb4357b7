import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { identityReader } from './identity-reader.ts';
import { profileIdOf } from './profile-id.ts';
import { kinds, WORKSPACE } from './testing/history.ts';
import { Walkthrough } from './testing/walkthrough.ts';

const idOf = (ref: string) => profileIdOf(WORKSPACE, ref as Ref);
const ref = (text: string) => text as Ref;

let story: Walkthrough;
beforeEach(() => {
  story = new Walkthrough();
});

describe('devices that people share', () => {
  it('a tablet in the shop belongs to nobody as soon as a second customer uses it', async () => {
    await story.see('u1 d1');
    expect(story.people).toEqual(['d1 u1']);
    const second = await story.see('u2 d1');
    expect(second.profileId).toBe(idOf('u2'));
    await story.see('u3 d1');
    expect(story.people).toEqual(['d1', 'u1', 'u2', 'u3']);
    expect((await story.see('d1')).profileId).toBe(idOf('d1'));
  });

  it('a logout without reset does not make the next person out of the last', async () => {
    await story.see('a1');
    await story.see('u1 e1 a1');
    await story.see('u2 e2 a1');
    expect(story.people).toEqual(['a1', 'e1 u1', 'e2 u2']);
  });

  it('a device seen with eleven people is quarantined, and says so', async () => {
    for (let i = 1; i <= 10; i++) await story.see(`u${i} d1`);
    const eleventh = await story.see('u11 d1');
    expect(kinds(eleventh)).toContain('IdentifierQuarantined');
    const twelfth = await story.see('u12 d1');
    expect(twelfth.decisions).toMatchObject([
      { kind: 'ProfileCreated' },
      { kind: 'LinkRejected', rule: 'R4', details: { reason: 'QUARANTINED', identifier: { ref: 'd1' } } },
    ]);
    expect(story.people).toHaveLength(13);
  });
});

describe('contacts that people share', () => {
  it('a call centre’s phone typed for 500 customers joins none of them', async () => {
    for (let i = 1; i <= 500; i++) await story.see(`c${i} p1`);
    expect(story.people).toHaveLength(501);
    expect(story.people).toContain('p1');
  });

  it('a family’s one e-mail stays with whom it was first seen', async () => {
    await story.see('u2 e1', { at: 200 });
    await story.see('u1 e1', { at: 100 });
    await story.see('u3 e1', { at: 300 });
    expect(story.people).toEqual(['e1 u1', 'u2', 'u3']);
  });

  it('a recycled phone goes to its new owner when it is released from the old', async () => {
    await story.see('u1 p1');
    await story.see('u2 e2');
    await story.see('u2 p1');
    expect(story.people).toEqual(['e2 u2', 'p1 u1']);
    const release = await story.order({ kind: 'release', ref: ref('p1') });
    expect(release.decisions).toMatchObject([
      { kind: 'ProfileCreated', profileId: idOf('p1') },
      { kind: 'ProfileSplit', profileId: idOf('u1'), rule: 'R8', details: { reason: 'RELEASED' } },
      { kind: 'LinkRevoked', details: { reason: 'RELEASED', identifier: { ref: 'p1' }, to: { ref: 'u1' } } },
    ]);
    expect(story.people).toEqual(['e2 u2', 'p1', 'u1']);
    await story.see('u2 p1');
    expect(story.people).toEqual(['e2 p1 u2', 'u1']);
    await story.order({ kind: 'undo', command: release.eventId });
    expect(story.people).toEqual(['e2 u2', 'p1 u1']);
  });
});

describe('touchpoints that contradict themselves', () => {
  it('two user ids on one event link nothing', async () => {
    await story.see('u1 a1');
    const contradictory = await story.see('u1 u2 e1');
    expect(contradictory.decisions[0]).toMatchObject({ kind: 'LinkRejected', rule: 'R3' });
    expect(story.people).toEqual(['a1 u1', 'e1', 'u2']);
  });
});

describe('rows of a CRM', () => {
  it('a row that changes its e-mail leaves the old one behind', async () => {
    await story.see('c1 e1', { record: 'row1' });
    const changed = await story.see('c1 e2', { record: 'row1' });
    expect(changed.decisions).toMatchObject([
      { kind: 'ProfileCreated', profileId: idOf('e1') },
      { kind: 'ProfileSplit', profileId: idOf('c1'), rule: 'R7', details: { reason: 'SUPERSEDED' } },
      { kind: 'IdentifierLinked', profileId: idOf('c1'), details: { identifier: { ref: 'e2' } } },
      { kind: 'LinkRevoked', details: { reason: 'SUPERSEDED', identifier: { ref: 'e1' } } },
    ]);
    expect(story.people).toEqual(['c1 e2', 'e1']);
  });

  it('an older version that comes late changes nothing', async () => {
    await story.see('c1 e2', { record: 'row1', at: 200 });
    const late = await story.see('c1 e1', { record: 'row1', at: 100 });
    expect(kinds(late)).toEqual(['ProfileCreated']);
    expect(story.people).toEqual(['c1 e2', 'e1']);
  });

  it('a nightly copy of unchanged rows does not make a shared phone wander', async () => {
    await story.see('c1 p1', { record: 'row1' });
    await story.see('c2 p1', { record: 'row2' });
    for (let night = 0; night < 3; night++) {
      const first = await story.see('c1 p1', { record: 'row1' });
      const second = await story.see('c2 p1', { record: 'row2' });
      expect([...first.moved, ...second.moved]).toEqual([]);
    }
    expect(story.people).toEqual(['c1 p1', 'c2']);
  });
});

describe('what an operator orders', () => {
  it('a forced merge joins two accounts of one human, and its undoing gives both their ids back', async () => {
    await story.see('u1 e1');
    await story.see('u2 e2');
    const merge = await story.order({ kind: 'force_merge', refs: [ref('u1'), ref('u2')] });
    expect(merge.decisions).toMatchObject([
      { kind: 'ProfilesMerged', rule: 'R8', profileId: idOf('u1'), otherProfileId: idOf('u2') },
      { kind: 'ProfileAbsorbed', profileId: idOf('u2') },
    ]);
    expect(story.people).toEqual(['e1 e2 u1 u2']);
    const reader = identityReader(story.store);
    expect((await reader.membership(idOf('u2')))?.profileId).toBe(idOf('u1'));
    const undo = await story.order({ kind: 'undo', command: merge.eventId });
    expect(undo.moved.map(({ to }) => to)).toEqual([idOf('u2'), idOf('u2')]);
    expect((await reader.membership(idOf('u2')))?.members).toHaveLength(2);
  });

  it('two who are never one person part, and the later word wins', async () => {
    await story.see('c1 e1');
    await story.see('u1 e1');
    expect(story.people).toEqual(['c1 e1 u1']);
    const forbid = await story.order({ kind: 'forbid', a: ref('c1'), b: ref('u1') });
    expect(forbid.decisions).toMatchObject([
      { kind: 'ProfileCreated' },
      { kind: 'ProfileSplit', rule: 'R8', details: { reason: 'FORBIDDEN' } },
      { kind: 'LinkRevoked', details: { reason: 'FORBIDDEN' } },
    ]);
    expect(story.people).toHaveLength(2);
    await story.order({ kind: 'force_merge', refs: [ref('c1'), ref('u1')] });
    expect(story.people).toEqual(['c1 e1 u1']);
  });

  it('a lifted quarantine counts what was seen meanwhile', async () => {
    for (let i = 1; i <= 6; i++) await story.see(`c${i} p1`);
    expect(story.people).toContain('p1');
    await story.order({ kind: 'lift', ref: ref('p1') });
    expect(story.people).toContain('c1 p1');
  });

  it('an erased person’s identifiers are dropped and never joined again', async () => {
    await story.see('u1 e1 a1');
    await story.erase('u1', 'e1');
    expect(story.people).toEqual(['a1', 'e1 u1']);
    expect((await story.see('u1 e1 a1')).profileId).toBe('00000000-0000-0000-0000-000000000000');
    await story.see('u2 e1 a1');
    expect(story.people).toEqual(['a1 u2', 'e1 u1']);
  });
});

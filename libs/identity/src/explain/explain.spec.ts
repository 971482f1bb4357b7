import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { profileIdOf } from '../profile-id.ts';
import { WORKSPACE } from '../testing/history.ts';
import { Walkthrough } from '../testing/walkthrough.ts';
import { explainer, type PairExplanation } from './explainer.ts';
import type { Explanation, HeldLink } from './explanation.types.ts';

const idOf = (name: string) => profileIdOf(WORKSPACE, name as Ref);

let story: Walkthrough;
beforeEach(() => {
  story = new Walkthrough();
});

async function explained(name: string): Promise<Explanation> {
  return (await explainer(story.store).profile(idOf(name))) as Explanation;
}

async function pair(a: string, b: string): Promise<PairExplanation> {
  return (await explainer(story.store).pair(a as Ref, b as Ref)) as PairExplanation;
}

function shortly(links: readonly HeldLink[]): string[] {
  return links.map(({ from, to, joins }) => `${from.ref}${joins ? '-' : '~'}${to.ref}`);
}

describe('a profile', () => {
  it('is explained by the links that joined it and those that say it again', async () => {
    await story.see('u1 a1', { at: 100 });
    await story.see('u1 e1', { at: 200 });
    await story.see('e1 a1', { at: 300 });
    const { identifiers, links, refused, orders } = await explained('u1');
    expect(identifiers).toEqual([
      { ns: 'user_id', ref: 'u1', quarantined: false, shared: false, founding: true },
      { ns: 'anonymous_id', ref: 'a1', quarantined: false, shared: false, founding: false },
      { ns: 'email', ref: 'e1', quarantined: false, shared: false, founding: false },
    ]);
    expect(shortly(links)).toEqual(['u1-e1', 'u1-a1', 'e1~a1']);
    expect(links.map(({ sayings }) => sayings.length)).toEqual([1, 1, 1]);
    expect([refused, orders]).toEqual([[], []]);
  });

  it('tells everything that was said of a link, what decided first', async () => {
    const first = await story.see('u1 e1', { at: 500 });
    await story.see('u1 e1 a1', { at: 100 });
    const { links } = await explained('u1');
    const [link] = links;
    expect(link?.sayings.map(({ at }) => at)).toEqual([100, 500]);
    expect(link?.sayings[1]?.eventId).toBe(first.decisions[0]?.evidenceEventId);
  });

  it('tells which links were refused, with the limit that did', async () => {
    await story.see('u1 e1', { at: 100 });
    await story.see('u2 e1', { at: 200 });
    const { refused } = await explained('u2');
    expect(refused).toMatchObject([
      {
        from: { ref: 'u2' },
        to: { ref: 'e1' },
        otherProfile: idOf('u1'),
        reason: 'LIMIT',
        rule: 'R6',
        namespace: 'user_id',
        limit: 1,
        saying: { at: 200, strength: 1 },
      },
    ]);
  });

  it('of a shared device tells of whom it is not', async () => {
    await story.see('u1 a1');
    await story.see('u2 a1');
    const { identifiers, refused } = await explained('a1');
    expect(identifiers).toMatchObject([{ ref: 'a1', shared: true }]);
    expect(refused.map(({ to, reason }) => `${to.ref} ${reason}`)).toEqual(['u1 SHARED', 'u2 SHARED']);
  });

  it('of a quarantined telephone tells with whom it was seen, and each of them of it', async () => {
    for (let i = 1; i <= 7; i++) await story.see(`u${i} p1`);
    const phone = await explained('p1');
    expect(phone.identifiers).toMatchObject([{ ref: 'p1', quarantined: true }]);
    expect(phone.refused.map(({ to, reason, rule }) => `${to.ref} ${reason} ${rule}`)).toContain(
      'u7 QUARANTINED R4',
    );
    const seventh = await explained('u7');
    expect(seventh.refused).toMatchObject([{ to: { ref: 'p1' }, reason: 'QUARANTINED' }]);
  });

  it('tells the orders about it', async () => {
    await story.see('u1 a1');
    await story.see('u2');
    const merged = await story.order({ kind: 'force_merge', refs: ['u1', 'u2'] as Ref[] });
    const { links, orders } = await explained('u1');
    expect(links).toMatchObject([
      { from: { ref: 'u1' }, to: { ref: 'u2' }, rule: 'R8', order: merged.eventId },
      { from: { ref: 'u1' }, to: { ref: 'a1' }, rule: 'R6' },
    ]);
    expect(orders).toMatchObject([{ kind: 'force_merge', actor: 'ayse', reason: 'ticket 7', undone: false }]);
    await story.order({ kind: 'undo', command: merged.eventId });
    expect((await explained('u2')).orders).toMatchObject([{ undone: true }]);
  });

  it('that was absorbed answers with its survivor', async () => {
    await story.see('e1');
    await story.see('u1');
    await story.see('u1 e1');
    expect((await explained('e1')).profileId).toBe(idOf('u1'));
  });
});

describe('two identifiers', () => {
  it('are together by a path, and part with the fewest sayings undone', async () => {
    await story.see('u1 e1');
    await story.see('e1 a1');
    await story.see('e1 p1');
    const { relation, profiles } = await pair('u1', 'p1');
    expect(profiles).toHaveLength(1);
    if (relation.outcome !== 'together') throw new Error(relation.outcome);
    expect(relation.path.map(({ from, to }) => [from.ref, to.ref].sort().join(' '))).toEqual([
      'e1 u1',
      'e1 p1',
    ]);
    expect(relation.undoing.links).toHaveLength(1);
    expect(relation.undoing.orders).toEqual([]);
  });

  it('that an order joined part when it is taken back', async () => {
    await story.see('u1');
    await story.see('u2');
    const merged = await story.order({ kind: 'force_merge', refs: ['u1', 'u2'] as Ref[] });
    const { relation } = await pair('u1', 'u2');
    expect(relation).toMatchObject({ outcome: 'together', undoing: { links: [], orders: [merged.eventId] } });
  });

  it('are refused by what the rules hold against them', async () => {
    await story.see('u1 e1');
    await story.see('u2 e1');
    const { relation, profiles } = await pair('u2', 'u1');
    expect(profiles.map(({ profileId }) => profileId)).toEqual([idOf('u2'), idOf('u1')]);
    expect(relation).toMatchObject({ outcome: 'refused', refused: [{ to: { ref: 'e1' }, reason: 'LIMIT' }] });
  });

  it('can be strangers', async () => {
    await story.see('u1 e1');
    await story.see('u2 e2');
    expect((await pair('u1', 'u2')).relation).toEqual({ outcome: 'strangers' });
    expect(await explainer(story.store).pair('u1' as Ref, 'u9' as Ref)).toBeUndefined();
  });

  it('linked in two ways part only when both are undone', async () => {
    await story.see('u1 a1', { at: 100 });
    await story.see('u1 e1', { at: 200 });
    await story.see('e1 a1', { at: 300 });
    const { relation } = await pair('u1', 'a1');
    if (relation.outcome !== 'together') throw new Error(relation.outcome);
    expect(relation.undoing.links).toHaveLength(2);
  });
});

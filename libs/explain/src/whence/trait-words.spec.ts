import { describe, expect, it } from '@jest/globals';
import type { EventId, Ref, SourceName } from '#kernel';
import { wordsByTrait, type SaidWord } from './trait-words.ts';

function said(eventId: string, value: unknown, further: Partial<SaidWord> = {}): SaidWord {
  return {
    trait: 'plan',
    value,
    at: 1_000,
    recordedAt: 2_000,
    source: 'web' as SourceName,
    rank: 0,
    index: 0,
    eventId: eventId as EventId,
    anchor: '1' as Ref,
    ...further,
  };
}

describe('wordsByTrait', () => {
  it('puts the word that stands first, and tells of each other one what it gave way to, and why', () => {
    const words = wordsByTrait([
      said('e1', 'basic', { at: 500 }),
      said('e4', 'gold'),
      said('e3', 'silver'),
      said('e5', 'platinum', { rank: 1 }),
      said('e2', 'bronze', { index: 3 }),
      said('e9', 'Ayşe', { trait: 'name' }),
    ]);
    expect(Object.keys(words)).toEqual(['name', 'plan']);
    expect(
      words.plan?.map(({ value, current, lostTo, because }) => [value, current, lostTo, because]),
    ).toEqual([
      ['platinum', true, undefined, undefined],
      ['bronze', false, 'e5', 'less_trusted'],
      ['gold', false, 'e2', 'earlier_in_batch'],
      ['silver', false, 'e4', 'by_event_id'],
      ['basic', false, 'e3', 'older'],
    ]);
    expect(words.name?.[0]).toMatchObject({ at: '1970-01-01T00:00:01.000Z', trusted: false, anchor: '1' });
  });

  it('follows the policy of a trait', () => {
    const visits = [
      said('e1', 7, { trait: 'score', at: 500 }),
      said('e2', 3, { trait: 'score' }),
      said('e3', 5, { trait: 'score', at: 200 }),
      said('e4', ['b'], { trait: 'tags', at: 500 }),
      said('e5', 'a', { trait: 'tags' }),
      said('e6', null, { trait: 'tags', at: 2_000 }),
    ];
    const { score, tags } = wordsByTrait(visits, { score: 'max', tags: 'union' });
    expect(score?.map(({ value, current, lostTo, because }) => [value, current, lostTo, because])).toEqual([
      [7, true, undefined, undefined],
      [3, false, 'e1', 'policy'],
      [5, false, 'e1', 'older'],
    ]);
    expect(tags?.map(({ value, current, because }) => [value, current, because])).toEqual([
      ['a', true, undefined],
      [['b'], true, undefined],
      [null, false, 'policy'],
    ]);
  });
});

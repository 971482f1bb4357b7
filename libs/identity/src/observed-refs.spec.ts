import { describe, expect, it } from '@jest/globals';
import { anchorOf, type Envelope } from '#touchpoint';
import { contradictionIn, starOf } from './observed-refs.ts';
import { mention } from './testing/history.ts';

const refsOf = (text: string) => text.split(' ').map(mention);

describe('starOf', () => {
  it.each([
    ['a1 e1 u1', 'u1', 'e1 a1'],
    ['e2 e1 a1', 'e2', 'e1 a1'],
    ['a1 d1 a2', 'd1', 'a1 a2'],
    ['~e1 e1 p1 ~e1', 'e1', 'p1'],
  ])('of %s is centred on %s', (mentions, anchor, others) => {
    const star = starOf(refsOf(mentions));
    expect(star).toEqual({ anchor: mention(anchor), others: refsOf(others) });
    expect(star?.anchor.ref).toBe(anchorOf({ refs: refsOf(mentions) } as unknown as Envelope));
  });

  it('is none for a touchpoint of nobody', () => {
    expect(starOf(refsOf('x1 e1'))).toBeUndefined();
    expect(starOf([])).toBeUndefined();
  });
});

describe('contradictionIn', () => {
  it('names the unique identifiers that are too many', () => {
    expect(contradictionIn(refsOf('c1 u1 e1 e2 u2 u1'))).toEqual(refsOf('u1 u2'));
    expect(contradictionIn(refsOf('u1 c1 e1 e2'))).toEqual([]);
  });
});

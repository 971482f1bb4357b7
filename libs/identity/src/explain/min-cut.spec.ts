import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minCut, shortestPath, type Weighted } from './min-cut.ts';

const NODES = 6;
const link = fc
  .record({
    a: fc.integer({ min: 0, max: NODES - 1 }),
    b: fc.integer({ min: 0, max: NODES - 1 }),
    weight: fc.integer({ min: 1, max: 4 }),
  })
  .filter(({ a, b }) => a !== b);
const graphs = fc.array(link, { maxLength: 10 });

const weightOf = (links: readonly Weighted<number>[]) => links.reduce((sum, { weight }) => sum + weight, 0);

/** Weight of the lightest cut by trying every way to put the nodes on two sides. */
function lightest(links: readonly Weighted<number>[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let sides = 0; sides < 1 << NODES; sides++) {
    const side = (node: number) => (sides >> node) & 1;
    if (side(0) !== 0 || side(NODES - 1) !== 1) continue;
    least = Math.min(least, weightOf(links.filter(({ a, b }) => side(a) !== side(b))));
  }
  return least;
}

describe('minCut', () => {
  it('is a cut, and the lightest of all', () => {
    fc.assert(
      fc.property(graphs, (links) => {
        const cut = minCut(links, 0, NODES - 1);
        expect(weightOf(cut)).toBe(lightest(links));
        const rest = links.filter((one) => !cut.includes(one));
        expect(shortestPath(rest, 0, NODES - 1)).toBeUndefined();
      }),
    );
  });
});

describe('shortestPath', () => {
  it('leads from one end to the other over the fewest links', () => {
    const links = [
      { a: 'u', b: 'e' },
      { a: 'a', b: 'e' },
      { a: 'u', b: 'p' },
      { a: 'p', b: 'd' },
      { a: 'd', b: 'a' },
    ];
    expect(shortestPath(links, 'u', 'a')).toEqual([links[0], links[1]]);
    expect(shortestPath(links, 'u', 'u')).toEqual([]);
    expect(shortestPath(links, 'u', 'x')).toBeUndefined();
  });
});

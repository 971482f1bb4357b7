import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ref } from '#kernel';
import { BOX, layoutTree, type Placed } from './layout.ts';
import type { Branch } from './tree.ts';

/** Trees whose boxes' and labels' widths are told by their names. */
const { tree } = fc.letrec<{ tree: Branch; branches: Branch[] }>((tie) => ({
  tree: fc
    .record({
      width: fc.integer({ min: 40, max: 300 }),
      label: fc.integer({ min: 10, max: 200 }),
      branches: tie('branches'),
    })
    .map(({ width, label, branches }) => ({
      identifier: { anchor: String(width) as Ref, namespace: String(label) },
      branches,
    })),
  branches: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Branch[]>([]),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
  ),
}));

const measure = {
  box: ({ identifier }: Branch) => Number(identifier.anchor),
  label: ({ identifier }: Branch) => Number(identifier.namespace),
};

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function areasOf({ x, y, width, parent, labelX, branch }: Placed): Area[] {
  const box = { left: x, right: x + width, top: y - BOX / 2, bottom: y + BOX / 2 };
  if (parent === undefined) return [box];
  // A label is two lines of 11 pixels, above and below the line.
  return [box, { left: labelX, right: labelX + measure.label(branch), top: y - 17, bottom: y + 17 }];
}

describe('layoutTree', () => {
  it('lets nothing overlap, and everything stands inside', () => {
    fc.assert(
      fc.property(tree, (root) => {
        const { boxes, width, height } = layoutTree(root, measure, 10, 20);
        const areas = boxes.flatMap(areasOf);
        for (const { left, right, top, bottom } of areas) {
          expect(left >= 10 && right <= 10 + width && top >= 20 && bottom <= 20 + height).toBe(true);
        }
        areas.forEach((a, i) =>
          areas.slice(i + 1).forEach((b) => {
            const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            expect(apart).toBe(true);
          }),
        );
      }),
      { numRuns: 200 },
    );
  });
});

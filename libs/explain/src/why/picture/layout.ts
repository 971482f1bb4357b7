import type { Branch } from './tree.ts';

/** Distance between rows: a box, and a label above and below the line beside it. */
const ROW = 62;
/** Distance between the left and right ends of a label and what stands beside it. */
const AIR = 14;
/** Height of a box. */
export const BOX = 44;

/** A box and the line that leads to it. Coordinates in pixels, y that of the middle. */
export interface Placed {
  readonly branch: Branch;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Right middle of the box it hangs on; absent for the root. */
  readonly parent?: { readonly x: number; readonly y: number };
  /** Where its label begins. */
  readonly labelX: number;
}

/** Where everything of a tree stands. */
export interface Layout {
  readonly boxes: readonly Placed[];
  readonly width: number;
  readonly height: number;
}

/** Widths of what is written. */
export interface Measure {
  readonly box: (branch: Branch) => number;
  readonly label: (branch: Branch) => number;
}

/**
 * A tree from left to right: a column for each distance from the root, a row for each leaf. A label stands in the gap
 * before its box, in the box's own row, and a gap is as wide as its widest label: so nothing overlaps.
 */
export function layoutTree(root: Branch, measure: Measure, left: number, top: number): Layout {
  const columns: { box: number; label: number }[] = [];
  const survey = (branch: Branch, depth: number): void => {
    const column = columns[depth] ?? { box: 0, label: 0 };
    columns[depth] = {
      box: Math.max(column.box, measure.box(branch)),
      label: Math.max(column.label, depth === 0 ? 0 : measure.label(branch)),
    };
    for (const below of branch.branches) survey(below, depth + 1);
  };
  survey(root, 0);
  const starts: number[] = [];
  let x = left;
  for (const { box, label } of columns) {
    const gap = starts.length === 0 ? 0 : label + 3 * AIR;
    starts.push(x + gap);
    x += gap + box;
  }
  const boxes: Placed[] = [];
  let leaves = 0;
  const place = (branch: Branch, depth: number, parentEnd: number | undefined): number => {
    const start = starts[depth] as number;
    const width = measure.box(branch);
    const at = boxes.length;
    boxes.push({ branch, x: start, y: 0, width, labelX: (parentEnd ?? 0) + 2 * AIR });
    const end = start + (columns[depth]?.box ?? 0);
    const rows = branch.branches.map((below) => place(below, depth + 1, end));
    const y =
      rows.length === 0
        ? top + BOX / 2 + ROW * leaves++
        : ((rows[0] as number) + (rows.at(-1) as number)) / 2;
    boxes[at] = { ...(boxes[at] as Placed), y };
    return y;
  };
  place(root, 0, undefined);
  const found = new Map(boxes.map((box) => [box.branch, box]));
  const parents = new Map(
    boxes.flatMap(({ branch }) => branch.branches.map((below) => [below, branch] as const)),
  );
  return {
    boxes: boxes.map((box) => {
      const parent = parents.get(box.branch);
      const above = parent === undefined ? undefined : found.get(parent);
      return above === undefined ? box : { ...box, parent: { x: above.x + above.width, y: above.y } };
    }),
    width: x - left,
    height: (leaves - 1) * ROW + BOX,
  };
}

/** Room between a parent's column and the line that runs down beside it. */
export const SPINE = AIR;

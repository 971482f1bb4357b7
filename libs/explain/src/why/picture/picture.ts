import { namespaceRules } from '#touchpoint';
import type { Told, ToldLink, ToldProfile } from '../told.types.ts';
import { wordsOf } from '../words/words-of.ts';
import type { LanguageCode, Words } from '../words/words.ts';
import { BOX, layoutTree, SPINE, type Layout, type Placed } from './layout.ts';
import { legendOf } from './legend.ts';
import { paintOf, shapeOf } from './shapes.ts';
import { clipped, escaped, widthOf } from './text.ts';
import { treeOf, type Branch } from './tree.ts';

const MARGIN = 28;
const HEAD = 64;
const SMALL = 11;
const LARGE = 13;
const RED = '#c81e1e';
const GREY = '#9aa3ad';
const LINE = '#475569';
const VIOLET = '#7c3aed';

/** What the picture of a pair lets stand out. */
interface Emphasis {
  readonly path: ReadonlySet<string>;
  readonly cut: ReadonlySet<string>;
}

/**
 * An explanation as an SVG document: a tree of identifiers for each profile, each link with the time and source of what
 * decided it, refused links in dashed red. Stands alone: no script, no style sheet, no reference to anything outside.
 */
export function pictureOf(told: Told, language: LanguageCode): string {
  const words = wordsOf(language);
  const emphasis = emphasisOf(told);
  const parts: string[] = [];
  let top = MARGIN;
  let width = 480;
  for (const profile of told.profiles) {
    const tree = treeOf(profile, rootOf(told, profile));
    const measure = {
      box: (branch: Branch) => boxWidth(branch, words),
      label: (branch: Branch) => labelWidth(branch, words),
    };
    const layout = layoutTree(tree.root, measure, MARGIN, top + HEAD);
    parts.push(heading(profile, top, words), drawing(layout, profile, emphasis, words));
    top += HEAD + layout.height + MARGIN;
    if (tree.hidden.identifiers + tree.hidden.refused > 0) {
      const note = words.picture.more(tree.hidden.identifiers, tree.hidden.refused);
      parts.push(
        `<text x="${MARGIN}" y="${top}" font-size="${LARGE}" fill="${LINE}">${escaped(note)}</text>`,
      );
      top += MARGIN;
    }
    width = Math.max(width, layout.width + 2 * MARGIN, widthOf(profile.id, LARGE) + 2 * MARGIN);
  }
  const legend = legendOf(told, emphasis, words.picture, MARGIN, top);
  const size = { width: Math.max(width, legend.width + 2 * MARGIN), height: legend.bottom + MARGIN };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" lang="${language}" font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">`,
    `<title>${escaped(titleOf(told, words))}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...parts,
    legend.svg,
    '</svg>',
    '',
  ].join('\n');
}

function titleOf({ profiles, relation }: Told, words: Words): string {
  if (relation !== undefined && relation.outcome !== 'together') return words.picture.twoPeople;
  return words.picture.title(profiles[0]?.identifiers.length ?? 0);
}

function rootOf(
  { relation }: Told,
  { identifiers }: ToldProfile,
): ToldProfile['identifiers'][number]['anchor'] | undefined {
  const ends = relation === undefined ? [] : [relation.from.anchor, relation.to.anchor];
  return ends.find((end) => identifiers.some(({ anchor }) => anchor === end));
}

function emphasisOf({ relation }: Told): Emphasis {
  if (relation?.outcome !== 'together') return { path: new Set(), cut: new Set() };
  const { links, orders } = relation.undoing;
  return {
    path: new Set(relation.path.map(keyOf)),
    cut: new Set([...links.map(keyOf), ...orders.map(({ commandId }) => commandId)]),
  };
}

function keyOf({ from, to, order }: Pick<ToldLink, 'from' | 'to' | 'order'>): string {
  return order ?? [from.anchor, to.anchor].sort().join(' ');
}

function heading({ id, identifiers }: ToldProfile, top: number, words: Words): string {
  const title = words.picture.title(identifiers.length);
  return [
    `<text x="${MARGIN}" y="${top + 18}" font-size="18" font-weight="600" fill="#0f172a">${escaped(title)}</text>`,
    `<text x="${MARGIN}" y="${top + 38}" font-size="${SMALL}" fill="#64748b">${escaped(id)}</text>`,
  ].join('\n');
}

function drawing(
  { boxes }: Layout,
  { links, identifiers }: ToldProfile,
  emphasis: Emphasis,
  words: Words,
): string {
  const places = new Map(
    boxes
      .filter(({ branch }) => branch.refused === undefined)
      .map((box) => [box.branch.identifier.anchor, box]),
  );
  const confirming = links
    .filter(({ joins }) => !joins)
    .flatMap((link) => {
      const [a, b] = [places.get(link.from.anchor), places.get(link.to.anchor)];
      return a === undefined || b === undefined ? [] : [arc(a, b, emphasis.cut.has(keyOf(link)))];
    });
  const marks = new Map(
    identifiers.map(({ anchor, quarantined, shared }) => [anchor, quarantined || shared]),
  );
  return [
    ...confirming,
    // Refused ones lie beneath: where lines run together the person's own link shows.
    ...refusedFirst(boxes).map((box) => connector(box, emphasis)),
    ...boxes.map((box) => labelOf(box, words)),
    ...boxes.map((box) => boxOf(box, marks.get(box.branch.identifier.anchor) === true, words)),
  ].join('\n');
}

function refusedFirst(boxes: readonly Placed[]): Placed[] {
  const isKept = ({ branch }: Placed) => Number(branch.refused === undefined);
  return boxes.toSorted((a, b) => isKept(a) - isKept(b));
}

/** A link that says the same again, beside the boxes' left ends. */
function arc(a: Placed, b: Placed, isCut: boolean): string {
  const bend = Math.min(a.x, b.x) - 20;
  const [from, to] = [a.x + 16, b.x + 16];
  const colour = isCut ? RED : GREY;
  return `<path d="M${from},${a.y} C${bend},${a.y} ${bend},${b.y} ${to},${b.y}" fill="none" stroke="${colour}" stroke-width="1.2" stroke-dasharray="2 3"/>`;
}

function connector({ branch, x, y, parent, labelX }: Placed, { path, cut }: Emphasis): string {
  if (parent === undefined) return '';
  const { by, refused } = branch;
  const spine = labelX - SPINE;
  const colour = refused !== undefined ? RED : by?.order !== undefined ? VIOLET : LINE;
  const key = by === undefined ? '' : keyOf(by);
  const width = path.has(key) ? 4 : 1.8;
  const dashes = refused !== undefined ? ' stroke-dasharray="7 5"' : '';
  const line = `<path d="M${parent.x},${parent.y} H${spine} V${y} H${x}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`;
  if (!cut.has(key)) return line;
  const at = x - 8;
  return `${line}<path d="M${at - 5},${y - 8} l6,16 M${at + 1},${y - 8} l6,16" stroke="${RED}" stroke-width="2.5"/>`;
}

/** What stands on a line: when, and from where or why not. */
function labelLines({ by, refused }: Branch, words: Words): readonly [string, string] {
  if (refused !== undefined) {
    const { at, source } = refused.saying;
    return [
      words.shortMoment(at),
      [words.picture.reason(refused.reason), source].filter(Boolean).join(' · '),
    ];
  }
  const [first] = by?.sayings ?? [];
  if (first === undefined) return [words.picture.order, ''];
  return [
    words.shortMoment(first.at),
    clipped([first.source, first.event || first.kind].filter(Boolean).join(' · ')),
  ];
}

function labelWidth(branch: Branch, words: Words): number {
  return Math.max(...labelLines(branch, words).map((text) => widthOf(text, SMALL)));
}

function labelOf({ branch, y, parent, labelX }: Placed, words: Words): string {
  if (parent === undefined) return '';
  const colour = branch.refused === undefined ? '#334155' : RED;
  const style = `x="${labelX}" font-size="${SMALL}" fill="${colour}" stroke="#ffffff" stroke-width="3" paint-order="stroke"`;
  const [above, below] = labelLines(branch, words);
  return `<text ${style} y="${y - 6}">${escaped(above)}</text><text ${style} y="${y + 14}">${escaped(below)}</text>`;
}

function boxLines({ identifier }: Branch, words: Words): readonly [string, string] {
  return [words.namespace(identifier.namespace), clipped(identifier.value ?? identifier.anchor)];
}

function boxWidth(branch: Branch, words: Words): number {
  const [name, value] = boxLines(branch, words);
  return Math.max(widthOf(name, SMALL), widthOf(value, LARGE, 'bold')) + 28;
}

function boxOf({ branch, x, y, width }: Placed, standsAlone: boolean, words: Words): string {
  const { identifier, refused } = branch;
  const { ink, fill } = paintOf(identifier.namespace);
  const border =
    refused !== undefined || standsAlone ? `stroke="${RED}" stroke-dasharray="5 4"` : `stroke="${ink}"`;
  const style = `fill="${refused === undefined ? fill : '#ffffff'}" ${border} stroke-width="1.6"`;
  const [name, value] = boxLines(branch, words);
  const middle = x + width / 2;
  return [
    `<g><title>${escaped(`${words.namespace(identifier.namespace)}: ${identifier.value ?? identifier.anchor}`)}</title>`,
    shapeOf(namespaceRules(identifier.namespace).class, x, y, width, style),
    `<text x="${middle}" y="${y - BOX / 8}" font-size="${SMALL}" fill="${ink}" text-anchor="middle">${escaped(name)}</text>`,
    `<text x="${middle}" y="${y + BOX / 4 + 1}" font-size="${LARGE}" font-weight="600" fill="#0f172a" text-anchor="middle">${escaped(value)}</text></g>`,
  ].join('');
}

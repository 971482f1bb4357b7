import { compareText } from '#kernel';
import { endsTogether, EXIT, OTHER, type PathsDefinition, START } from './paths.ts';

/** An event at a step. */
export interface PathNode {
  /** `<step>:<event>`, as links name it. */
  readonly id: string;
  /** 0 is the start; the exit stands one step behind the event that it follows. */
  readonly step: number;
  readonly event: string;
  /** Histories that come through; of the start those that leave it. */
  readonly count: number;
}

/** How many histories go from a node to one of the next step. */
export interface PathLink {
  readonly source: string;
  readonly target: string;
  readonly count: number;
}

/** How often an event follows another, at any step. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** What paths answer: nodes and links as a Sankey diagram takes them. */
export interface PathsResult {
  /** Histories that have a path. */
  readonly paths: number;
  readonly nodes: readonly PathNode[];
  readonly links: readonly PathLink[];
  /** Over the whole length of the paths, the most frequent first. */
  readonly transitions: readonly Transition[];
}

/** A row of `pathsSql`. */
export interface PathRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  readonly n: string | number;
}

/** Transitions that are answered at most. */
export const MAX_TRANSITIONS = 1_000;

/** The answer of paths from their rows. */
export function pathsResult(definition: PathsDefinition, rows: readonly PathRow[]): PathsResult {
  const { steps, top } = definition;
  const shown = rows.filter(({ step, source, target }) => {
    const isBegun = step > 0 || (step === 0 && source === START);
    return isBegun && (step < steps || (step === steps && target === EXIT && !endsTogether(definition)));
  });
  // Also by links that are not shown: what a path is entered with is a node all the same.
  const kept = keptNames(rows, top);
  const merged = new Map<string, { source: PathNode; target: PathNode; count: number }>();
  for (const { step, source, target, n } of shown) {
    const link = {
      source: nodeAt(step, source, kept),
      target: nodeAt(step + 1, target, kept),
      count: Number(n),
    };
    const key = `${link.source.id}\n${link.target.id}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, link);
    else known.count += link.count;
  }
  const links = [...merged.values()];
  const starting = rows.filter(({ source }) => source === START);
  return {
    paths: starting.reduce((sum, { n }) => sum + Number(n), 0),
    nodes: countedNodes(links),
    links: links.map(({ source, target, count }) => ({ source: source.id, target: target.id, count })),
    transitions: transitionsOf(rows),
  };
}

/** The most frequent names of each step. */
function keptNames(rows: readonly PathRow[], top: number): Map<number, ReadonlySet<string>> {
  const counts = new Map<number, Map<string, number>>();
  for (const { step, target, n } of rows) {
    const own = counts.get(step + 1) ?? new Map<string, number>();
    counts.set(step + 1, own.set(target, (own.get(target) ?? 0) + Number(n)));
  }
  return new Map(
    [...counts].map(([step, names]) => {
      const sorted = [...names]
        .filter(([name]) => name !== EXIT && name !== OTHER)
        .sort(([a, x], [b, y]) => y - x || compareText(a, b));
      return [step, new Set(sorted.slice(0, top).map(([name]) => name))];
    }),
  );
}

function nodeAt(step: number, name: string, kept: ReadonlyMap<number, ReadonlySet<string>>): PathNode {
  const isOwn = name === START || name === EXIT || kept.get(step)?.has(name) === true;
  const event = isOwn ? name : OTHER;
  return { id: `${step}:${event}`, step, event, count: 0 };
}

function countedNodes(links: readonly { source: PathNode; target: PathNode; count: number }[]): PathNode[] {
  const nodes = new Map<string, { node: PathNode; into: number; out: number }>();
  const at = (node: PathNode): { into: number; out: number } => {
    const own = nodes.get(node.id) ?? { node, into: 0, out: 0 };
    nodes.set(node.id, own);
    return own;
  };
  for (const { source, target, count } of links) {
    at(source).out += count;
    at(target).into += count;
  }
  return [...nodes.values()]
    .map(({ node, into, out }) => ({ ...node, count: Math.max(into, out) }))
    .sort((a, b) => a.step - b.step || b.count - a.count || compareText(a.event, b.event));
}

function transitionsOf(rows: readonly PathRow[]): Transition[] {
  const counts = new Map<string, { from: string; to: string; count: number }>();
  for (const { source, target, n } of rows) {
    const key = `${source}\n${target}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { from: source, to: target, count: Number(n) });
    else known.count += Number(n);
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || compareText(a.from, b.from) || compareText(a.to, b.to))
    .slice(0, MAX_TRANSITIONS);
}

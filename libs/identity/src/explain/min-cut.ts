/** An undirected link of a graph; its weight is what it costs to cut it, at least 1. */
export interface Weighted<Node> {
  readonly a: Node;
  readonly b: Node;
  readonly weight: number;
}

/**
 * The lightest set of links without which `from` does not reach `to` (Ford and Fulkerson 1956, shortest augmenting
 * paths: Edmonds and Karp 1972). Empty where it does not reach it anyway. `from` and `to` must differ.
 */
export function minCut<Node, Link extends Weighted<Node>>(
  links: readonly Link[],
  from: Node,
  to: Node,
): Link[] {
  const room = new Map<Node, Map<Node, number>>();
  const widen = (a: Node, b: Node, by: number) => {
    const row = room.get(a) ?? new Map<Node, number>();
    room.set(a, row.set(b, (row.get(b) ?? 0) + by));
  };
  for (const { a, b, weight } of links) {
    widen(a, b, weight);
    widen(b, a, weight);
  }
  for (;;) {
    const cameFrom = reach(room, from);
    if (!cameFrom.has(to)) return links.filter(({ a, b }) => cameFrom.has(a) !== cameFrom.has(b));
    const steps: [Node, Node][] = [];
    for (let at = to; at !== from; at = cameFrom.get(at) as Node) steps.push([cameFrom.get(at) as Node, at]);
    const flow = Math.min(...steps.map(([a, b]) => room.get(a)?.get(b) as number));
    for (const [a, b] of steps) {
      widen(a, b, -flow);
      widen(b, a, flow);
    }
  }
}

/** Nodes that can be reached over links with room, each with the one it was reached from. */
function reach<Node>(room: ReadonlyMap<Node, ReadonlyMap<Node, number>>, from: Node): Map<Node, Node> {
  const cameFrom = new Map<Node, Node>([[from, from]]);
  for (const node of cameFrom.keys()) {
    for (const [next, width] of room.get(node) ?? []) {
      if (width > 0 && !cameFrom.has(next)) cameFrom.set(next, node);
    }
  }
  return cameFrom;
}

/** A path with the fewest links, in order; `undefined` where there is none. Of equal ones that of the earliest links. */
export function shortestPath<Node, Link extends Pick<Weighted<Node>, 'a' | 'b'>>(
  links: readonly Link[],
  from: Node,
  to: Node,
): Link[] | undefined {
  const around = new Map<Node, Link[]>();
  for (const link of links) {
    for (const end of [link.a, link.b]) around.set(end, [...(around.get(end) ?? []), link]);
  }
  const cameBy = new Map<Node, Link | undefined>([[from, undefined]]);
  for (const node of cameBy.keys()) {
    for (const link of around.get(node) ?? []) {
      const next = link.a === node ? link.b : link.a;
      if (!cameBy.has(next)) cameBy.set(next, link);
    }
  }
  if (!cameBy.has(to)) return undefined;
  const path: Link[] = [];
  for (let at = to; ;) {
    const link = cameBy.get(at);
    if (link === undefined) return path.reverse();
    path.push(link);
    at = link.a === at ? link.b : link.a;
  }
}

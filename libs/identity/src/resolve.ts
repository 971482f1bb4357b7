import type { Ref } from '#kernel';
import { Clusters, type Obstacle } from './clusters.ts';
import type { OperatorEdges } from './operator-edges.ts';
import type { IdentityRules } from './rules.ts';
import type { Edge, RowOf } from './star-edges.ts';

/** A set of identifiers that are one person's. */
export interface Component {
  readonly members: readonly Ref[];
  /** Groups of strong identifiers inside that only weak links hold together. */
  readonly clusters: number;
  /** A link at one of the members is refused, or one of them is shared or an operator's matter. */
  readonly contested: boolean;
}

/** A link and what stood against it. */
export interface Refusal {
  readonly edge: Edge;
  readonly obstacle: Obstacle;
}

/** What follows for a closed set of identifiers. */
export interface Resolution {
  readonly components: readonly Component[];
  readonly refusals: readonly Refusal[];
  readonly shared: ReadonlySet<Ref>;
}

/**
 * R5 and R6 over edges in canonical order: strong links first, then the devices that know several people, then
 * weak links. The refs must be closed: no evidence or command leads out of them.
 */
export function resolve(
  refs: readonly Ref[],
  edges: readonly Edge[],
  operators: OperatorEdges,
  rowOf: RowOf,
  rules: IdentityRules,
): Resolution {
  const clusters = new Clusters(refs, rowOf, rules, operators);
  const refusals: Refusal[] = [];
  const weakFrom = edges.findIndex(({ tier }) => tier === 2);
  const strong = weakFrom < 0 ? edges : edges.slice(0, weakFrom);
  const weak = weakFrom < 0 ? [] : edges.slice(weakFrom);
  for (const edge of strong) {
    const obstacle = clusters.unite(edge.centre, edge.other);
    if (obstacle !== undefined) refusals.push({ edge, obstacle });
  }
  clusters.settleStrong();
  const shared = sharedDevices(weak, clusters, (ref) => rules.namespace(rowOf(ref).ns).class === 'device');
  for (const edge of weak) {
    const obstacle: Obstacle | undefined =
      shared.has(edge.centre) || shared.has(edge.other)
        ? { reason: 'SHARED' }
        : clusters.unite(edge.centre, edge.other);
    if (obstacle !== undefined) refusals.push({ edge, obstacle });
  }
  // A shared device that an operator joined to the same person is together with it all the same.
  const apart = refusals.filter(({ edge }) => clusters.find(edge.centre) !== clusters.find(edge.other));
  const contested = new Set([...shared, ...apart.flatMap(({ edge }) => [edge.centre, edge.other])]);
  const isContested = (ref: Ref) => {
    if (contested.has(ref)) return true;
    const { operated, erased } = rowOf(ref);
    return operated === true || erased === true;
  };
  const components = clusters.all().map(({ members, strong: count }) => ({
    members,
    clusters: count,
    contested: members.some(isContested),
  }));
  return { components, refusals: apart, shared };
}

function sharedDevices(weak: readonly Edge[], clusters: Clusters, isDevice: (ref: Ref) => boolean): Set<Ref> {
  const people = new Map<Ref, Ref>();
  const shared = new Set<Ref>();
  const meet = (device: Ref, other: Ref) => {
    if (!isDevice(device) || isDevice(other) || !clusters.isKnown(other)) return;
    const person = clusters.find(other);
    const before = people.get(device);
    if (before === undefined) people.set(device, person);
    else if (before !== person) shared.add(device);
  };
  for (const { centre, other } of weak) {
    meet(centre, other);
    meet(other, centre);
  }
  return shared;
}

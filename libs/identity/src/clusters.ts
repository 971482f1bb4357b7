import type { Ref } from '#kernel';
import type { OperatorEdges } from './operator-edges.ts';
import type { IdentityRules } from './rules.ts';
import type { RowOf } from './star-edges.ts';

/** Why two groups of identifiers may not become one profile. */
export type Obstacle =
  | { readonly reason: 'WEAK_BRIDGE' | 'SHARED' | 'CANNOT_LINK' | 'MAX_SIZE' }
  | { readonly reason: 'LIMIT'; readonly namespace: string; readonly limit: number };

interface Cluster {
  members: Ref[];
  /** Observed members; phantoms that only a command names do not count. */
  size: number;
  /** Values per namespace; identifiers forced together count as one. */
  readonly counts: Map<string, number>;
  /** Clusters of step A inside that name a person, and that have a strong identifier. */
  known: number;
  strong: number;
}

/** Disjoint sets of identifiers that know whether a union is feasible (R6). */
export class Clusters {
  readonly #leader = new Map<Ref, Ref>();
  readonly #clusters = new Map<Ref, Cluster>();

  constructor(
    refs: Iterable<Ref>,
    private readonly rowOf: RowOf,
    private readonly rules: IdentityRules,
    private readonly operators: OperatorEdges,
  ) {
    for (const ref of refs) {
      const { ns } = rowOf(ref);
      this.#leader.set(ref, ref);
      const counts = new Map(ns === '' ? [] : [[ns, 1]]);
      this.#clusters.set(ref, { members: [ref], size: ns === '' ? 0 : 1, counts, known: 0, strong: 0 });
    }
    for (const [a, b] of operators.forced) this.#force(a, b);
  }

  /** Any member that stands for all of the set. */
  find(ref: Ref): Ref {
    let root = ref;
    for (let next = this.#leader.get(root) as Ref; next !== root; next = this.#leader.get(root) as Ref)
      root = next;
    for (let at = ref; at !== root;) {
      const next = this.#leader.get(at) as Ref;
      this.#leader.set(at, root);
      at = next;
    }
    return root;
  }

  /** Unites two sets; what stands against it otherwise. Both ends may be in one set already. */
  unite(a: Ref, b: Ref): Obstacle | undefined {
    const [left, right] = [this.find(a), this.find(b)];
    if (left === right) return undefined;
    const obstacle = this.#obstacleTo(left, right);
    if (obstacle === undefined) this.#join(left, right);
    return obstacle;
  }

  /** Step A is over: from here on no union may hold two of the sets that name a person. */
  settleStrong(): void {
    for (const cluster of this.#clusters.values()) {
      const classes = [...cluster.counts.keys()].map((ns) => this.rules.namespace(ns).class);
      cluster.known = classes.includes('unique') ? 1 : 0;
      cluster.strong = classes.some((one) => one !== 'device') ? 1 : 0;
    }
  }

  /** True if the set, as step A left it, names a person. */
  isKnown(ref: Ref): boolean {
    return this.#of(this.find(ref)).known > 0;
  }

  /** All sets, with their observed members. */
  all(): { readonly members: readonly Ref[]; readonly strong: number }[] {
    return [...this.#clusters.values()]
      .filter(({ size }) => size > 0)
      .map(({ members, strong }) => ({
        members: members.filter((ref) => this.rowOf(ref).ns !== ''),
        strong,
      }));
  }

  #force(a: Ref, b: Ref): void {
    const [left, right] = [this.find(a), this.find(b)];
    if (left === right) return;
    const counts = this.#of(left).counts;
    const together = [...counts.keys(), ...this.#of(right).counts.keys()];
    this.#join(left, right);
    const joined = this.#of(this.find(left)).counts;
    for (const ns of together) joined.set(ns, 1);
  }

  #obstacleTo(left: Ref, right: Ref): Obstacle | undefined {
    const [ours, theirs] = [this.#of(left), this.#of(right)];
    if (ours.known + theirs.known > 1) return { reason: 'WEAK_BRIDGE' };
    for (const [a, b] of this.operators.forbidden) {
      const [x, y] = [this.find(a), this.find(b)];
      if ((x === left && y === right) || (x === right && y === left)) return { reason: 'CANNOT_LINK' };
    }
    const [few, many] = ours.counts.size <= theirs.counts.size ? [ours, theirs] : [theirs, ours];
    for (const [namespace, count] of few.counts) {
      const { limit } = this.rules.namespace(namespace);
      if (count + (many.counts.get(namespace) ?? 0) > limit) return { reason: 'LIMIT', namespace, limit };
    }
    return ours.size + theirs.size > this.rules.maxMembers ? { reason: 'MAX_SIZE' } : undefined;
  }

  #join(a: Ref, b: Ref): void {
    const [root, leaf] = this.#of(a).members.length >= this.#of(b).members.length ? [a, b] : [b, a];
    const [into, from] = [this.#of(root), this.#of(leaf)];
    this.#leader.set(leaf, root);
    this.#clusters.delete(leaf);
    for (const ref of from.members) into.members.push(ref);
    for (const [ns, count] of from.counts) into.counts.set(ns, (into.counts.get(ns) ?? 0) + count);
    into.size += from.size;
    into.known += from.known;
    into.strong += from.strong;
  }

  #of(root: Ref): Cluster {
    return this.#clusters.get(root) as Cluster;
  }
}

import { compareText, type EventId, type Ref } from '#kernel';
import type { IdentityRules } from '../../rules.ts';
import type { Entry } from './entries.ts';
import { evidenceOf, quarantinedIn, withoutSuperseded, type Evidence } from './evidence.ts';
import { Groups } from './groups.ts';
import { operatorEdges, type OperatorEdges } from './operator-edges.ts';

/** κ of R6; arrays compare place by place. */
type Kappa = readonly [
  tier: 1 | 2,
  weakness: number,
  at: number,
  prio: number,
  event: EventId,
  index: number,
];

/** A link that evidence proposes. */
export interface Edge {
  readonly a: Ref;
  readonly b: Ref;
  readonly kappa: Kappa;
}

/** What follows from a whole log. */
export interface Resolution {
  /** Each observed identifier with all those of its person. */
  readonly groups: ReadonlyMap<Ref, ReadonlySet<Ref>>;
  readonly quarantined: ReadonlySet<Ref>;
  readonly shared: ReadonlySet<Ref>;
  /** Every link that was considered, in canonical order, and whether it holds. */
  readonly edges: readonly (Edge & { readonly accepted: boolean })[];
  readonly operators: OperatorEdges;
  readonly ns: ReadonlyMap<Ref, string>;
}

/**
 * The batch reference: the partition as a function of evidence, commands and rules, as plainly as it can be said
 * and without a thought for cost. The incremental engine must equal it.
 */
export function resolveLog(entries: readonly Entry[], rules: IdentityRules): Resolution {
  const operators = operatorEdges(entries);
  const evidence = evidenceOf(entries, rules, operators);
  const ns = new Map(evidence.flatMap(({ named }) => named.map((one) => [one.ref, one.ns] as const)));
  const quarantined = quarantinedIn(evidence, rules, operators);
  const edges = edgesOf(withoutSuperseded(evidence), rules, operators, quarantined, ns);

  const isDevice = (ref: Ref) => rules.namespace(ns.get(ref) as string).class === 'device';
  const namesAPerson = (group: Iterable<Ref>) =>
    [...group].some((ref) => ns.has(ref) && rules.namespace(ns.get(ref) as string).class === 'unique');

  const forced = new Groups<Ref>();
  const groups = new Groups<Ref>();
  for (const [a, b] of operators.forced) {
    forced.unite(a, b);
    groups.unite(a, b);
  }
  const feasible = (members: Set<Ref>) => {
    const observed = [...members].filter((ref) => ns.has(ref));
    const values = new Map<string, Set<unknown>>();
    for (const ref of observed) {
      const name = ns.get(ref) as string;
      values.set(name, new Set([...(values.get(name) ?? []), forced.of(ref)]));
    }
    return (
      observed.length <= rules.maxMembers &&
      [...values].every(([name, distinct]) => distinct.size <= rules.namespace(name).limit) &&
      !operators.forbidden.some(([a, b]) => members.has(a) && members.has(b))
    );
  };

  const consider = (edge: Edge, allowed: (union: Set<Ref>) => boolean) => {
    const [left, right] = [groups.of(edge.a), groups.of(edge.b)];
    if (left !== right && !allowed(new Set([...left, ...right]))) return;
    groups.unite(edge.a, edge.b);
  };
  for (const edge of edges) if (edge.kappa[0] === 1) consider(edge, feasible);

  // Step B, on the clusters as step A left them.
  const cluster = new Map([...ns.keys()].map((ref) => [ref, groups.of(ref).values().next().value as Ref]));
  const known = new Set([...cluster].filter(([ref]) => namesAPerson(groups.of(ref))).map(([, id]) => id));
  const people = new Map<Ref, Set<Ref>>();
  for (const { a, b, kappa } of edges) {
    for (const [device, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const met = cluster.get(other) as Ref;
      if (kappa[0] !== 2 || !isDevice(device) || isDevice(other) || !known.has(met)) continue;
      people.set(device, new Set([...(people.get(device) ?? []), met]));
    }
  }
  const shared = new Set([...people].filter(([, met]) => met.size > 1).map(([device]) => device));
  const knownIn = (union: Set<Ref>) =>
    new Set([...union].map((ref) => cluster.get(ref)).filter((id) => id !== undefined && known.has(id))).size;

  for (const edge of edges) {
    if (edge.kappa[0] === 1 || shared.has(edge.a) || shared.has(edge.b)) continue;
    consider(edge, (union) => feasible(union) && knownIn(union) <= 1);
  }
  return {
    groups: new Map(
      [...ns.keys()].map((ref) => [ref, new Set([...groups.of(ref)].filter((one) => ns.has(one)))]),
    ),
    quarantined,
    shared,
    edges: edges.map((edge) => ({ ...edge, accepted: groups.of(edge.a) === groups.of(edge.b) })),
    operators,
    ns,
  };
}

/** Star edges of each observation, the least κ of each pair, in canonical order. */
function edgesOf(
  evidence: readonly Evidence[],
  rules: IdentityRules,
  { released, erased }: OperatorEdges,
  quarantined: ReadonlySet<Ref>,
  ns: ReadonlyMap<Ref, string>,
): Edge[] {
  const least = new Map<string, Edge>();
  for (const { observation, mentions, barren } of evidence) {
    if (barren) continue;
    const star = mentions.filter(
      ({ ref }) => !quarantined.has(ref) && (released.get(ref) ?? 0n) <= observation.position,
    );
    const [centre, ...others] = star;
    if (centre === undefined) continue;
    for (const other of others) {
      if (erased.has(centre.ref) !== erased.has(other.ref)) continue;
      const pair = [rules.namespace(centre.ns), rules.namespace(ns.get(other.ref) as string)] as const;
      const weak = pair.some((one) => one.class === 'device') || centre.derived || other.derived;
      const kappa: Kappa = [
        weak ? 2 : 1,
        -Math.min(centre.strength, other.strength),
        pair.some((one) => one.conflictPolicy === 'latest')
          ? -Math.floor(observation.at / 86_400_000)
          : observation.at,
        pair[0].priority + pair[1].priority,
        observation.eventId,
        mentions.indexOf(other),
      ];
      const [a, b] =
        compareText(centre.ref, other.ref) < 0 ? [centre.ref, other.ref] : [other.ref, centre.ref];
      const edge = { a, b, kappa };
      const before = least.get(`${a} ${b}`);
      if (before === undefined || compareKappa(kappa, before.kappa) < 0) least.set(`${a} ${b}`, edge);
    }
  }
  return [...least.values()].sort((x, y) => compareKappa(x.kappa, y.kappa));
}

function compareKappa(x: Kappa, y: Kappa): number {
  for (let i = 0; i < x.length; i++) {
    const [left, right] = [x[i] as string | number, y[i] as string | number];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

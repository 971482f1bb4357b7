import type { EventId, Ref } from '#kernel';
import type { CommandRow, EvidenceRow } from '../identity-rows.ts';
import { edgesOf, pairKey, type Edge } from '../star-edges.ts';
import type { Case } from './case.ts';
import type { HeldLink, NamedRef, Saying } from './explanation.types.ts';

/** Names an identifier of a case. */
export function namedRef({ rowOf }: Pick<Case, 'rowOf'>, ref: Ref): NamedRef {
  return { ns: rowOf(ref).ns, ref };
}

/** Everything that was said of each pair, by `pairKey`; the saying that decides first. */
export function sayingsOf({ evidence, rowOf, rules }: Case): Map<string, Saying[]> {
  const found = new Map<string, { edge: Edge; saying: Saying }[]>();
  for (const row of evidence) {
    for (const edge of edgesOf([row], rowOf, rules)) {
      const key = pairKey(edge.centre, edge.other);
      found.set(key, [...(found.get(key) ?? []), { edge, saying: sayingOf(edge, row) }]);
    }
  }
  return new Map(
    [...found].map(([key, all]) => [
      key,
      all.sort((x, y) => compareSaid(x.edge, y.edge)).map(({ saying }) => saying),
    ]),
  );
}

/** What evidence says by an edge that it proposes. Of a latest link only the day is known here. */
export function sayingOf(
  { eventId, strength }: Pick<Edge, 'eventId' | 'strength'>,
  { s, r }: EvidenceRow,
): Saying {
  const first = s.find(([, , id]) => id === eventId);
  const day = s.find(([, , , , id]) => id === eventId)?.[3] ?? 0;
  const at = first?.[1] ?? day * DAY_MS;
  return { eventId, at, strength, ...(r === undefined ? {} : { record: r }) };
}

const DAY_MS = 86_400_000;

/** Of one pair: as κ of R6 orders them. */
function compareSaid(x: Edge, y: Edge): number {
  return x.tier - y.tier || y.strength - x.strength || x.at - y.at || (x.eventId < y.eventId ? -1 : 1);
}

/** Links inside one profile in the order in which the rules took them: orders, then evidence canonically. */
export function heldLinks(of: Case, members: ReadonlySet<Ref>): HeldLink[] {
  const refused = new Set(of.resolution.refusals.map(({ edge }) => pairKey(edge.centre, edge.other)));
  const sayings = sayingsOf(of);
  const groups = new Groups();
  const links: HeldLink[] = [];
  // An order may lead over an identifier that was never seen, which no profile holds.
  const isHere = (ref: Ref) => members.has(ref) || of.rowOf(ref).ns === '';
  for (const { pair, order } of forcedPairs(of)) {
    const [a, b] = pair;
    if (!isHere(a) || !isHere(b)) continue;
    const ends = { from: namedRef(of, a), to: namedRef(of, b) };
    links.push({ ...ends, joins: groups.unite(a, b), rule: 'R8', sayings: [], order });
  }
  for (const { centre, other, tier } of of.edges) {
    const key = pairKey(centre, other);
    if (!members.has(centre) || !members.has(other) || refused.has(key)) continue;
    const ends = { from: namedRef(of, centre), to: namedRef(of, other) };
    const joins = groups.unite(centre, other);
    links.push({ ...ends, joins, rule: 'R6', tier, sayings: sayings.get(key) ?? [] });
  }
  const home = [...members][0];
  return links.filter(({ from }) => home !== undefined && groups.together(from.ref, home));
}

/** Pairs that stand by an operator's order, each with that order. */
export function forcedPairs({
  commands,
  operators,
}: Pick<Case, 'commands' | 'operators'>): { readonly pair: readonly [Ref, Ref]; readonly order: EventId }[] {
  return operators.forced.flatMap((pair) => {
    const row = commands.find(({ command, undone }) => undone !== true && forces(command, pair));
    return row === undefined ? [] : [{ pair, order: row.command.eventId }];
  });
}

function forces(command: CommandRow['command'], [first, other]: readonly [Ref, Ref]): boolean {
  return command.kind === 'force_merge' && command.refs[0] === first && command.refs.includes(other);
}

/** Disjoint sets, without any rule. */
class Groups {
  readonly #leader = new Map<Ref, Ref>();

  /** True if the two were apart. */
  unite(a: Ref, b: Ref): boolean {
    const [left, right] = [this.#find(a), this.#find(b)];
    if (left !== right) this.#leader.set(right, left);
    return left !== right;
  }

  together(a: Ref, b: Ref): boolean {
    return this.#find(a) === this.#find(b);
  }

  #find(ref: Ref): Ref {
    let at = ref;
    for (let next = this.#leader.get(at); next !== undefined; next = this.#leader.get(at)) at = next;
    return at;
  }
}

import type { Ref } from '#kernel';
import { isQuarantined, type EvidenceRow } from '../identity-rows.ts';
import { pairKey, type Edge } from '../star-edges.ts';
import { strengthOf } from '../mentions.ts';
import { RULE_OF_REASON } from '../tell-changes.ts';
import type { Case } from './case.ts';
import type { RefusedLink, Saying } from './explanation.types.ts';
import { namedRef, sayingOf, sayingsOf } from './held-links.ts';

/** Links from identifiers of a profile that were proposed and refused, as the rules met them. */
export function refusedLinks(of: Case, members: ReadonlySet<Ref>): RefusedLink[] {
  const sayings = sayingsOf(of);
  const refused = of.resolution.refusals.flatMap(({ edge, obstacle }): RefusedLink[] => {
    const ends = endsFrom(edge, members);
    const [saying] = sayings.get(pairKey(edge.centre, edge.other)) ?? [];
    if (ends === undefined || saying === undefined) return [];
    const { reason, ...why } = obstacle;
    return [refusal(of, ends, reason, saying, why)];
  });
  return [...refused, ...quarantinedLinks(of, members)];
}

function endsFrom({ centre, other }: Edge, members: ReadonlySet<Ref>): readonly [Ref, Ref] | undefined {
  if (members.has(centre)) return [centre, other];
  return members.has(other) ? [other, centre] : undefined;
}

function refusal(
  of: Case,
  [from, to]: readonly [Ref, Ref],
  reason: RefusedLink['reason'],
  saying: Saying,
  why: Pick<RefusedLink, 'namespace' | 'limit'> = {},
): RefusedLink {
  const { profileId } = of.rowOf(to);
  return {
    from: namedRef(of, from),
    to: namedRef(of, to),
    ...(profileId === undefined ? {} : { otherProfile: profileId }),
    reason,
    rule: RULE_OF_REASON[reason] ?? 'R6',
    ...why,
    saying,
  };
}

/** R4 keeps quarantined identifiers out of every star, so no edge tells of them: their evidence does. */
function quarantinedLinks(of: Case, members: ReadonlySet<Ref>): RefusedLink[] {
  const found = new Map<string, RefusedLink>();
  for (const row of [...of.evidence, ...of.aside]) {
    for (const [from, to] of quarantinedPairs(of, row, members)) {
      const saying = firstSaying(row, from, to);
      const key = pairKey(from, to);
      const earlier = found.get(key);
      if (saying === undefined || (earlier !== undefined && earlier.saying.at <= saying.at)) continue;
      found.set(key, refusal(of, [from, to], 'QUARANTINED', saying));
    }
  }
  return [...found.values()].sort((x, y) => x.saying.at - y.saying.at);
}

/** From a quarantined member to all others, from another member that leads its star to quarantined ones. */
function quarantinedPairs(of: Case, { m }: EvidenceRow, members: ReadonlySet<Ref>): (readonly [Ref, Ref])[] {
  const refs = m.map(([ref]) => ref);
  const locked = refs.filter((ref) => isQuarantined(of.rowOf(ref)));
  const centre = refs.find((ref) => !locked.includes(ref));
  const pairs: (readonly [Ref, Ref])[] = [];
  for (const ref of locked) {
    if (members.has(ref)) for (const other of refs) if (other !== ref) pairs.push([ref, other]);
    if (centre !== undefined && members.has(centre) && !members.has(ref)) pairs.push([centre, ref]);
  }
  return pairs;
}

function firstSaying(row: EvidenceRow, a: Ref, b: Ref): Saying | undefined {
  const [first] = row.s.toSorted((x, y) => x[1] - y[1]);
  if (first === undefined) return undefined;
  const strengths = row.m.filter(([ref]) => ref === a || ref === b).map(strengthOf);
  return sayingOf({ eventId: first[2], strength: Math.min(...strengths) }, row);
}

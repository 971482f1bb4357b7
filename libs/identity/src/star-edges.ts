import { compareText, type EventId, type Ref } from '#kernel';
import {
  isQuarantined,
  type EvidenceRow,
  type Mention,
  type RefRow,
  type Sighting,
} from './identity-rows.ts';
import { isDerived, strengthOf } from './mentions.ts';
import type { IdentityRules } from './rules.ts';

/** A link that evidence proposes: its ends and κ of R6. */
export interface Edge {
  /** Highest-priority identifier of the evidence that is not quarantined. */
  readonly centre: Ref;
  readonly other: Ref;
  /** 1: both ends name or reach a person. 2: a device or a repaired value is an end. */
  readonly tier: 1 | 2;
  readonly strength: number;
  /** First sighting, ms since 1970 UTC; where the latest link stands, days since 1970 UTC of the last one, negated. */
  readonly at: number;
  /** Priorities of both ends' namespaces together. */
  readonly priorities: number;
  readonly eventId: EventId;
  /** Place of `other` in the evidence. */
  readonly index: number;
}

/** Identifiers as they stand when evidence is weighed. */
export type RowOf = (ref: Ref) => RefRow;

/** The least edge of each pair that the evidence proposes, in canonical order (κ of R6). */
export function edgesOf(evidence: Iterable<EvidenceRow>, rowOf: RowOf, rules: IdentityRules): Edge[] {
  const least = new Map<string, Edge>();
  for (const { m, s } of evidence) {
    const standing = m.filter(([ref]) => !isQuarantined(rowOf(ref)));
    if (standing.length < 2) continue;
    const released = standing.some(([ref]) => rowOf(ref).released !== undefined);
    for (const sighting of s) {
      const [era] = sighting;
      const star = released ? standing.filter(([ref]) => seenSince(rowOf(ref), era)) : standing;
      const [centre, ...others] = star;
      if (centre === undefined) continue;
      for (const other of others) {
        if (rowOf(centre[0]).erased !== rowOf(other[0]).erased) continue;
        const edge = edgeBetween(centre, other, sighting, m.indexOf(other), rowOf, rules);
        const pair = pairKey(edge.centre, edge.other);
        const before = least.get(pair);
        if (before === undefined || compareEdges(edge, before) < 0) least.set(pair, edge);
      }
    }
  }
  return [...least.values()].sort(compareEdges);
}

/** Name of a pair, the same from both ends. */
export function pairKey(a: Ref, b: Ref): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Evidence of an era counts for an identifier if it came after its last release. */
function seenSince({ released }: RefRow, era: string): boolean {
  return released === undefined || BigInt(era) >= BigInt(released);
}

function edgeBetween(
  centre: Mention,
  other: Mention,
  [, at, eventId, day = dayOf(at), lastId = eventId]: Sighting,
  index: number,
  rowOf: RowOf,
  rules: IdentityRules,
): Edge {
  const [a, b] = [rules.namespace(rowOf(centre[0]).ns), rules.namespace(rowOf(other[0]).ns)];
  const weak = a.class === 'device' || b.class === 'device' || isDerived(centre) || isDerived(other);
  const isLatest = a.conflictPolicy === 'latest' || b.conflictPolicy === 'latest';
  return {
    centre: centre[0],
    other: other[0],
    tier: weak ? 2 : 1,
    strength: Math.min(strengthOf(centre), strengthOf(other)),
    priorities: a.priority + b.priority,
    ...(isLatest ? { at: -day, eventId: lastId } : { at, eventId }),
    index,
  };
}

const DAY_MS = 86_400_000;

/** Days since 1970 UTC. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

function compareEdges(x: Edge, y: Edge): number {
  return (
    x.tier - y.tier ||
    y.strength - x.strength ||
    x.at - y.at ||
    x.priorities - y.priorities ||
    compareText(x.eventId, y.eventId) ||
    x.index - y.index
  );
}

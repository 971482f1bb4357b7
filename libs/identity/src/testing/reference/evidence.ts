import { compareText, type Ref } from '#kernel';
import { EVENT_NAMESPACE, type EnvelopeRef } from '#touchpoint';
import type { Observation } from '../../identity.types.ts';
import type { IdentityRules } from '../../rules.ts';
import type { Entry } from './entries.ts';
import type { OperatorEdges } from './operator-edges.ts';

/** An observation as evidence: identifiers that were alive at its time, best first, each once. */
export interface Evidence {
  readonly observation: Observation;
  /** All that it names, and those of them that are not blocked (R2): only these count. */
  readonly named: readonly EnvelopeRef[];
  readonly mentions: readonly EnvelopeRef[];
  /** Names nobody (unattributed) or more than one (R3): links nothing. */
  readonly barren: boolean;
  /** What was said, without when: the same for every repetition. */
  readonly content: string;
}

/** All observations of a log as evidence. */
export function evidenceOf(
  entries: readonly Entry[],
  rules: IdentityRules,
  { erased }: OperatorEdges,
): Evidence[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'observation') return [];
    const { observation } = entry;
    const nobody = observation.refs.some(({ ns }) => ns === EVENT_NAMESPACE);
    const alive = observation.refs.filter(({ ref }) => {
      const position = erased.get(ref);
      return !nobody && (position === undefined || position > observation.position);
    });
    const named = distinct(alive).sort((a, b) => priority(rules, a) - priority(rules, b));
    const mentions = named.filter(({ ref }) => !rules.blocked.has(ref));
    const barren = contradicts(mentions, rules);
    const record = observation.recordRef;
    const scope = record === undefined ? '' : `${observation.source}/${record}:`;
    const content = mentions.map(({ ref, strength, derived }) => `${ref}.${strength}.${derived ?? false}`);
    return [{ observation, named, mentions, barren, content: scope + (barren ? '' : content.join(' ')) }];
  });
}

/** R7: of each snapshot row only what its newest version says counts; streams accumulate. */
export function withoutSuperseded(evidence: readonly Evidence[]): Evidence[] {
  const newest = new Map<string, Evidence>();
  for (const one of evidence) {
    const row = rowOf(one);
    const other = row === undefined ? undefined : newest.get(row);
    if (row !== undefined && (other === undefined || isNewer(one, other))) newest.set(row, one);
  }
  return evidence.filter((one) => {
    const row = rowOf(one);
    return row === undefined || newest.get(row)?.content === one.content;
  });
}

/** R4: identifiers seen with too many people, and those that no person makes. Of everything ever observed. */
export function quarantinedIn(
  evidence: readonly Evidence[],
  rules: IdentityRules,
  { lifted }: OperatorEdges,
): Set<Ref> {
  const people = new Map<Ref, Set<Ref>>();
  const company = new Map<Ref, Set<string>>();
  const ns = new Map<Ref, string>();
  for (const { mentions, barren, content } of evidence) {
    if (barren || mentions.length < 2) continue;
    for (const { ref, ns: own } of mentions) {
      const others = mentions.filter((other) => other.ref !== ref);
      const unique = others.filter((other) => rules.namespace(other.ns).class === 'unique');
      people.set(ref, new Set([...(people.get(ref) ?? []), ...unique.map((other) => other.ref)]));
      const oneShot = others.some((other) => rules.namespace(other.ns).limit > rules.maxMembers);
      const counts = !(oneShot && rules.namespace(own).class === 'unique');
      company.set(ref, new Set([...(company.get(ref) ?? []), ...(counts ? [content] : [])]));
      ns.set(ref, own);
    }
  }
  const quarantined = [...ns].filter(([ref, own]) => {
    const tooMany = (people.get(ref)?.size ?? 0) > rules.namespace(own).quarantineAt;
    return (
      (tooMany && !lifted.has(ref)) ||
      (company.get(ref)?.size ?? 0) > rules.floodAt[rules.namespace(own).class]
    );
  });
  return new Set(quarantined.map(([ref]) => ref));
}

function rowOf({ observation: { source, recordRef } }: Evidence): string | undefined {
  return recordRef === undefined ? undefined : `${source}/${recordRef}`;
}

function isNewer({ observation: a }: Evidence, { observation: b }: Evidence): boolean {
  return a.at !== b.at ? a.at > b.at : compareText(a.eventId, b.eventId) > 0;
}

function contradicts(mentions: readonly EnvelopeRef[], rules: IdentityRules): boolean {
  return mentions.some(({ ns }) => {
    const { class: kind, limit } = rules.namespace(ns);
    return kind === 'unique' && mentions.filter((other) => other.ns === ns).length > limit;
  });
}

function priority(rules: IdentityRules, { ns }: EnvelopeRef): number {
  return rules.namespace(ns).priority;
}

function distinct(refs: readonly EnvelopeRef[]): EnvelopeRef[] {
  const mentions = new Map<Ref, EnvelopeRef>();
  for (const one of refs) {
    const earlier = mentions.get(one.ref);
    if (earlier === undefined || (earlier.derived && !one.derived)) mentions.set(one.ref, one);
  }
  return [...mentions.values()];
}

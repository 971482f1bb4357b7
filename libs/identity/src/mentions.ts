import { hash } from 'node:crypto';
import type { Ref } from '#kernel';
import { EVENT_NAMESPACE, type EnvelopeRef } from '#touchpoint';
import type { Observation } from './identity.types.ts';
import type { IdentityRules } from './rules.ts';
import type { Mention } from './identity-rows.ts';

/** True if a touchpoint is nobody's: its only key is one of its own. */
export function isUnattributed(refs: readonly EnvelopeRef[]): boolean {
  return refs.some(({ ns }) => ns === EVENT_NAMESPACE);
}

/** What a touchpoint mentions, best namespace first, in extraction order inside one; each identifier once. */
export function mentionsOf(refs: readonly EnvelopeRef[], rules: IdentityRules): readonly EnvelopeRef[] {
  const found = distinct(refs);
  if (isInOrder(found, rules)) return found;
  return [...found].sort((a, b) => priority(rules, a) - priority(rules, b));
}

/** The mentions that may link anything: all but blocked ones (R2). The same array where none is blocked. */
export function linkingOf(
  mentions: readonly EnvelopeRef[],
  { blocked }: IdentityRules,
): readonly EnvelopeRef[] {
  if (blocked.size === 0 || !mentions.some(({ ref }) => blocked.has(ref))) return mentions;
  return mentions.filter(({ ref }) => !blocked.has(ref));
}

/** Identifiers of which one observation names more than a person can have (R3), in extraction order. */
export function contradictionIn(refs: readonly EnvelopeRef[], rules: IdentityRules): readonly EnvelopeRef[] {
  if (refs.length === 1) return [];
  let people = 0;
  for (const { ns } of refs) if (rules.namespace(ns).class === 'unique') people++;
  if (people < 2) return [];
  const counts = new Map<string, number>();
  const identifiers = distinct(refs).filter(({ ns }) => rules.namespace(ns).class === 'unique');
  for (const { ns } of identifiers) counts.set(ns, (counts.get(ns) ?? 0) + 1);
  return identifiers.filter(({ ns }) => (counts.get(ns) as number) > rules.namespace(ns).limit);
}

/** Adds a repaired value's mark to a strength. */
const DERIVED = 4;

/** Name of the snapshot row that an observation is a version of (R7), in `i.rec`. */
export function recordOf({ source, recordRef }: Observation): string | undefined {
  return recordRef === undefined ? undefined : `${source}/${recordRef}`;
}

/** A mention as evidence keeps it. */
export function gradedMention(mention: EnvelopeRef): Mention {
  return [mention.ref, gradeOf(mention)];
}

function gradeOf({ strength, derived }: EnvelopeRef): number {
  return derived === true ? strength + DERIVED : strength;
}

/** True if the mention is of a repaired value, which makes weak links only. */
export function isDerived([, grade]: Mention): boolean {
  return grade >= DERIVED;
}

/** How sure a mention is: 0, 1 or 2. */
export function strengthOf([, grade]: Mention): number {
  return grade % DERIVED;
}

/** Key of what is said in `i.ev`, without when: 132 bits of SHA-1. Versions of a snapshot's row have keys of their own. */
export function evidenceKey(mentions: readonly EnvelopeRef[], record: string | undefined): string {
  let text = record ?? '';
  for (const mention of mentions) text += `|${mention.ref}.${gradeOf(mention)}`;
  return hash('sha1', text, 'base64').slice(0, 22);
}

function priority(rules: IdentityRules, { ns }: EnvelopeRef): number {
  return rules.namespace(ns).priority;
}

function isInOrder(mentions: readonly EnvelopeRef[], rules: IdentityRules): boolean {
  for (let i = 1; i < mentions.length; i++)
    if (priority(rules, mentions[i - 1] as EnvelopeRef) > priority(rules, mentions[i] as EnvelopeRef))
      return false;
  return true;
}

/** One mention of each identifier, at its first place; a plain mention counts before a repaired one. */
function distinct(refs: readonly EnvelopeRef[]): readonly EnvelopeRef[] {
  // Most name each once, and few: pairs are compared in a tenth of the time that a map takes.
  if (refs.length < 9 && refs.every(({ ref }, i) => refs.findIndex((one) => one.ref === ref) === i))
    return refs;
  const mentions = new Map<Ref, EnvelopeRef>();
  for (const ref of refs) {
    const earlier = mentions.get(ref.ref);
    if (earlier === undefined || (earlier.derived && !ref.derived)) mentions.set(ref.ref, ref);
  }
  return [...mentions.values()];
}

import { EVENT_NAMESPACE, namespaceRules, type EnvelopeRef } from '#touchpoint';

/** What an observation links: its anchor and the others, best namespace first. Each identifier once. */
export interface Star {
  readonly anchor: EnvelopeRef;
  readonly others: readonly EnvelopeRef[];
}

/** The star of an attributed observation; `undefined` for an unattributed one, which links nothing. */
export function starOf(refs: readonly EnvelopeRef[]): Star | undefined {
  if (refs.some(({ ns }) => ns === EVENT_NAMESPACE)) return undefined;
  const [anchor, ...others] = distinct(refs).sort((a, b) => priority(a) - priority(b));
  return anchor === undefined ? undefined : { anchor, others };
}

/** Identifiers of which one observation names more than a person can have (R3), in extraction order. */
export function contradictionIn(refs: readonly EnvelopeRef[]): readonly EnvelopeRef[] {
  const counts = new Map<string, number>();
  const identifiers = distinct(refs).filter(({ ns }) => namespaceRules(ns).class === 'unique');
  for (const { ns } of identifiers) counts.set(ns, (counts.get(ns) ?? 0) + 1);
  return identifiers.filter(({ ns }) => (counts.get(ns) as number) > namespaceRules(ns).limit);
}

/** True if a link between the two is too weak to join two profiles that both name a person (R5). */
export function isWeakLink(a: EnvelopeRef, b: EnvelopeRef): boolean {
  return isWeak(a) || isWeak(b);
}

function isWeak({ ns, derived }: EnvelopeRef): boolean {
  return derived === true || namespaceRules(ns).class === 'device';
}

function priority({ ns }: EnvelopeRef): number {
  return namespaceRules(ns).priority;
}

/** One mention of each identifier, at its first place; a plain mention counts before a repaired one. */
function distinct(refs: readonly EnvelopeRef[]): EnvelopeRef[] {
  const mentions = new Map<string, EnvelopeRef>();
  for (const ref of refs) {
    const earlier = mentions.get(ref.ref);
    if (earlier === undefined || (earlier.derived && !ref.derived)) mentions.set(ref.ref, ref);
  }
  return [...mentions.values()];
}

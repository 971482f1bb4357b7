import { compareText, type Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { namespaceRules } from '#touchpoint';
import { EVIDENCE, LINKS, REFS, type EvidenceRow } from './identity-rows.ts';
import { pagesOf } from './links.ts';

/** What ties identifiers that are to be erased to others, links that were refused included. */
export interface Bonds {
  /** Identifiers of others that touchpoints of these name. */
  readonly strangers: readonly { readonly ns: string; readonly ref: Ref }[];
  /** Of these, the ones that touchpoints of others name. */
  readonly namedByOthers: readonly Ref[];
  /**
   * Nobody else is tied to them, so that all that stands under them came from touchpoints of their own, and those left
   * nothing elsewhere. Not known of an identifier whose links are no longer kept.
   */
  readonly closed: boolean;
}

/**
 * Looks through everything that was ever said of identifiers together with others. Of a touchpoint the anchor is the
 * first identifier of the best namespace, so what was said tells whose it was.
 */
export async function bondsOf(work: UnitOfWork, refs: Iterable<Ref>): Promise<Bonds> {
  const own = new Set(refs);
  await work.load(REFS, own);
  const rows = [...own].map((ref) => [ref, work.get(REFS, ref)] as const);
  const pages = rows.flatMap(([ref, row]) => (row === undefined ? [] : pagesOf(ref, row)));
  await work.load(LINKS, pages);
  const keys = new Set([
    ...rows.flatMap(([, row]) => row?.first ?? []),
    ...pages.flatMap((page) => work.get(LINKS, page) ?? []),
  ]);
  await work.load(EVIDENCE, keys);
  const evidence = [...keys].flatMap((key) => work.get(EVIDENCE, key) ?? []);
  await work.load(
    REFS,
    evidence.flatMap(({ m }) => m.map(([ref]) => ref)),
  );
  const nsOf = (ref: Ref): string => work.get(REFS, ref)?.ns ?? '';
  const strangers = new Set<Ref>();
  const named = new Set<Ref>();
  for (const row of evidence) {
    const others = row.m.map(([ref]) => ref).filter((ref) => !own.has(ref));
    if (others.length === 0) continue;
    if (own.has(anchorOf(row, nsOf))) for (const ref of others) strangers.add(ref);
    else for (const [ref] of row.m) if (own.has(ref)) named.add(ref);
  }
  const flooded = rows.some(([, row]) => row?.flooded === true);
  return {
    strangers: inOrder(strangers).map((ref) => ({ ns: nsOf(ref), ref })),
    namedByOthers: inOrder(named),
    closed: strangers.size === 0 && named.size === 0 && !flooded,
  };
}

/** The collector's choice, by the default priorities: rules of a workspace never move an anchor. */
function anchorOf({ m }: EvidenceRow, nsOf: (ref: Ref) => string): Ref {
  let [[best]] = m as readonly [readonly [Ref, number]];
  for (const [ref] of m)
    if (namespaceRules(nsOf(ref)).priority < namespaceRules(nsOf(best)).priority) best = ref;
  return best;
}

function inOrder(refs: Iterable<Ref>): Ref[] {
  return [...refs].sort(compareText);
}

import type { SourceName } from '#kernel';

/**
 * Which of several words on a trait stands (R11): the newest (`latest`, where nothing is said), the oldest, the greatest
 * or least number, all of them together, or that of the source named first, the newest of equally good ones. A source
 * that only operators write to, named first, pins a trait.
 */
export type TraitPolicy =
  'latest' | 'first' | 'max' | 'min' | 'union' | { readonly sources: readonly SourceName[] };

/** Policies by trait name. Names come from outside: look up with `policyOf`. */
export type TraitPolicies = Readonly<Record<string, TraitPolicy>>;

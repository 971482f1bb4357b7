import type { EventId, SourceName } from '#kernel';
import type { Register } from './register.ts';
import type { TraitPolicies } from '#identity';
import { joinWords, policyOf } from './trait-policy.ts';

/** Trait names that one row keeps; further ones are dropped and counted, so that no sender grows a row for ever. */
export const TRAITS_MAX = 500;

/** The traits of a person's identifier or of an account, and how many names found no room. */
export interface TraitRow {
  readonly traits: Readonly<Record<string, Register>>;
  readonly dropped: number;
}

/** Who says something, and when. */
export interface Speaker {
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly source: SourceName;
  readonly eventId: EventId;
  readonly sourceRank: number;
  readonly index: number;
}

/** Folds what a touchpoint says into the registers of a row. */
export function foldTraits(
  row: TraitRow,
  said: Readonly<Record<string, unknown>>,
  { at, source, eventId, sourceRank, index }: Speaker,
  policies: TraitPolicies = {},
): TraitRow {
  const traits = new Map(Object.entries(row.traits));
  let { dropped } = row;
  for (const [name, value] of Object.entries(said)) {
    const held = traits.get(name);
    if (held === undefined && traits.size >= TRAITS_MAX) dropped++;
    else {
      const word = { value, at, source, eventId, rank: sourceRank, index };
      traits.set(name, joinWords(policyOf(policies, name), held, word));
    }
  }
  return { traits: Object.fromEntries(traits), dropped };
}

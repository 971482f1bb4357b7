import { compareText, type ProfileId, type Ref } from '#kernel';
import type { ProfileRow } from './identity-rows.ts';
import type { IdentityRules } from './rules.ts';

/** A group of identifiers as it is now, and the profile that held each before; newcomers had none. */
export interface Regrouped {
  readonly members: readonly Ref[];
}

/** What R9 looks up. */
export interface Before {
  readonly holderOf: (ref: Ref) => ProfileId | undefined;
  readonly nsOf: (ref: Ref) => string;
  readonly profile: (id: ProfileId) => ProfileRow;
}

interface Overlap {
  readonly old: ProfileId;
  readonly group: number;
  readonly createdAt: bigint;
  uniques: number;
  founder: boolean;
  shared: number;
  smallest: string;
}

/**
 * R9: which profile's id each group keeps; `undefined` where it gets one of its own. The known half of a split
 * keeps its id, known beats anonymous in a merge, and older beats younger. Of halves that name as many people the
 * one with the founder keeps the id, however small: so a split gives back what a merge took.
 */
export function survivors(
  groups: readonly Regrouped[],
  before: Before,
  rules: IdentityRules,
): (ProfileId | undefined)[] {
  const overlaps = groups.flatMap(({ members }, group) => overlapsOf(members, group, before, rules));
  const kept: (ProfileId | undefined)[] = groups.map(() => undefined);
  const taken = new Set<ProfileId>();
  for (const { old, group } of overlaps.sort(compareOverlaps)) {
    if (kept[group] !== undefined || taken.has(old)) continue;
    kept[group] = old;
    taken.add(old);
  }
  return kept;
}

/** Order of identifiers inside a group: best namespace first, then the smaller ref. */
export function rankOf(ref: Ref, { nsOf }: Pick<Before, 'nsOf'>, rules: IdentityRules): string {
  return `${String(rules.namespace(nsOf(ref)).priority).padStart(4, '0')} ${ref}`;
}

function overlapsOf(members: readonly Ref[], group: number, before: Before, rules: IdentityRules): Overlap[] {
  const found = new Map<ProfileId, Overlap>();
  for (const ref of members) {
    const old = before.holderOf(ref);
    if (old === undefined) continue;
    let overlap = found.get(old);
    if (overlap === undefined) {
      const createdAt = BigInt(before.profile(old).createdAt);
      overlap = { old, group, createdAt, uniques: 0, founder: false, shared: 0, smallest: '\uffff' };
      found.set(old, overlap);
    }
    overlap.shared++;
    if (rules.namespace(before.nsOf(ref)).class === 'unique') overlap.uniques++;
    if (before.profile(old).founding[1] === ref) overlap.founder = true;
    const rank = rankOf(ref, before, rules);
    if (rank < overlap.smallest) overlap.smallest = rank;
  }
  return [...found.values()];
}

function compareOverlaps(a: Overlap, b: Overlap): number {
  return (
    b.uniques - a.uniques ||
    (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0) ||
    Number(b.founder) - Number(a.founder) ||
    b.shared - a.shared ||
    compareText(a.old, b.old) ||
    compareText(a.smallest, b.smallest)
  );
}

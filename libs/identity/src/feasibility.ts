import { compareText, type ProfileId } from '#kernel';
import { namespaceRules } from '#touchpoint';
import type { Member, ProfileRow } from './identity-rows.ts';

/** Most identifiers that one profile may hold. */
export const MAX_MEMBERS = 500;

/** Why two groups of identifiers may not become one profile, and the rule that says so. */
export type Obstacle =
  | { readonly reason: 'WEAK_BRIDGE'; readonly rule: 'R5' }
  | { readonly reason: 'MAX_SIZE'; readonly rule: 'R6' }
  | { readonly reason: 'LIMIT'; readonly rule: 'R6'; readonly namespace: string; readonly limit: number };

/** Number of identifiers that name one person each (user id, CRM id, …). */
export function uniqueCount(members: readonly Member[]): number {
  let count = 0;
  for (const [ns] of members) if (namespaceRules(ns).class === 'unique') count++;
  return count;
}

/** True if nothing but devices is known: such a profile publishes nothing. */
export function isAnonymous(members: readonly Member[]): boolean {
  return members.every(([ns]) => namespaceRules(ns).class === 'device');
}

/**
 * What stands against uniting two disjoint groups of identifiers; `undefined` if nothing does. Every part of
 * what it allows is allowed too, so limits hold in every state on the way.
 *
 * `weak`: the link rests on a device or on a repaired value, which never joins two groups that both name a person.
 */
export function obstacleTo(
  ours: readonly Member[],
  theirs: readonly Member[],
  weak: boolean,
): Obstacle | undefined {
  if (weak && uniqueCount(ours) > 0 && uniqueCount(theirs) > 0) return { reason: 'WEAK_BRIDGE', rule: 'R5' };
  const counts = new Map<string, number>();
  for (const [ns] of theirs) counts.set(ns, (counts.get(ns) ?? 0) + 1);
  for (const [ns] of ours) {
    const count = counts.get(ns);
    if (count !== undefined) counts.set(ns, count + 1);
  }
  for (const [namespace, count] of counts) {
    const { limit } = namespaceRules(namespace);
    if (count > limit) return { reason: 'LIMIT', rule: 'R6', namespace, limit };
  }
  return ours.length + theirs.length > MAX_MEMBERS ? { reason: 'MAX_SIZE', rule: 'R6' } : undefined;
}

/** A profile that could keep its id. */
export interface Candidate {
  readonly id: ProfileId;
  readonly row: ProfileRow;
}

/** Which of two profiles keeps its id (R9): more unique identifiers, then the older one, then the smaller id. */
export function survivorFirst(
  a: Candidate,
  b: Candidate,
): readonly [survivor: Candidate, absorbed: Candidate] {
  return compareSurvival(a, b) <= 0 ? [a, b] : [b, a];
}

function compareSurvival(a: Candidate, b: Candidate): number {
  const known = uniqueCount(b.row.members) - uniqueCount(a.row.members);
  if (known !== 0) return known;
  const [bornA, bornB] = [BigInt(a.row.createdAt), BigInt(b.row.createdAt)];
  if (bornA !== bornB) return bornA < bornB ? -1 : 1;
  return compareText(a.id, b.id);
}

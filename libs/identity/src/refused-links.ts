import { compareText, type Ref } from '#kernel';
import type { ProfileRow } from './identity-rows.ts';

/** Refused links remembered per profile. A shared phone can be refused for ever: the row must not grow with it. */
export const REFUSED_MAX = 50;

/** Name of a refused link; the same from both ends. */
export function refusalKey(a: Ref, b: Ref, reason: string): string {
  const [first, second] = compareText(a, b) <= 0 ? [a, b] : [b, a];
  return `${first}:${second}:${reason}`;
}

/** Remembers a refusal: `told` is false when the memory is full, and then only the count grows. */
export function rememberRefusal(row: ProfileRow, key: string): { row: ProfileRow; told: boolean } {
  return row.refused.length < REFUSED_MAX
    ? { row: { ...row, refused: [...row.refused, key] }, told: true }
    : { row: { ...row, refusedUntold: row.refusedUntold + 1 }, told: false };
}

/** The memory of two profiles that become one. What does not fit is not told again: a full memory tells nothing. */
export function uniteRefusals(
  survivor: ProfileRow,
  absorbed: ProfileRow,
): Pick<ProfileRow, 'refused' | 'refusedUntold'> {
  return {
    refused: [...new Set([...survivor.refused, ...absorbed.refused])].slice(0, REFUSED_MAX),
    refusedUntold: survivor.refusedUntold + absorbed.refusedUntold,
  };
}

import type { Ref } from '#kernel';
import type { RefRow } from './identity-rows.ts';
import { pairKey } from './star-edges.ts';
import type { Step } from './step.ts';

/** Refused links remembered per identifier. A shared phone can be refused for ever: the row must not grow with it. */
export const TOLD_MAX = 50;

/**
 * Remembers that a link was refused, at `keeper`. False if that was told before, or if the memory is full: then
 * nothing more is told of it.
 */
export function rememberRefusal(step: Step, keeper: Ref, other: Ref, reason: string): boolean {
  const key = `${pairKey(keeper, other)} ${reason}`;
  const row = step.ref(keeper) as RefRow;
  const told = row.told ?? [];
  if (told.length >= TOLD_MAX || told.includes(key)) return false;
  if (step.ref(other)?.told?.includes(key)) return false;
  step.setRef(keeper, { ...row, told: [...told, key] });
  return true;
}

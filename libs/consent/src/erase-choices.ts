import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { CHOICES } from './consent-rows.ts';

/** Removes what was chosen under identifiers. */
export function eraseChoices(work: UnitOfWork, refs: Iterable<Ref>): void {
  for (const ref of refs) work.set(CHOICES, ref, undefined);
}

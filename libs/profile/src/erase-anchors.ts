import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { ANCHORS, IDENTIFIERS } from './profile-rows.ts';

/** Removes what touchpoints of anchors said, and the values of the identifiers. */
export function eraseAnchors(work: UnitOfWork, refs: Iterable<Ref>): void {
  for (const ref of refs) {
    work.set(ANCHORS, ref, undefined);
    work.set(IDENTIFIERS, ref, undefined);
  }
}

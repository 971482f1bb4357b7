import type { Ref } from '#kernel';
import { UnitOfWork, type StateStore } from '#state-store';
import { CHOICES, type ChoiceRow } from './consent-rows.ts';
import { joinConsents, type Consent } from './join-consents.ts';

/** Committed consents of a person's identifiers, read while a runner may be writing. */
export async function readConsents(store: StateStore, refs: readonly Ref[]): Promise<Consent[]> {
  const work = new UnitOfWork(store);
  await work.load(CHOICES, refs);
  const rows = refs.flatMap((ref): [Ref, ChoiceRow][] => {
    const row = work.get(CHOICES, ref);
    return row === undefined ? [] : [[ref, row]];
  });
  return joinConsents(new Map(rows));
}

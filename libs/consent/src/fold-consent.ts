import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { ConsentInput } from './consent-input.ts';
import { CHOICES, later, type Choice, type ChoiceRow } from './consent-rows.ts';

/** Purposes kept of one identifier; further ones are dropped, so that no sender grows a row for ever. */
const ROW_PURPOSES_MAX = 200;

/** Loads what `foldConsent` and `choicesOf` read of these identifiers. */
export function loadConsents(work: UnitOfWork, refs: Iterable<Ref>): Promise<void> {
  return work.load(CHOICES, refs);
}

/**
 * Folds a choice into the row of each identifier that its event names: who agrees on a new device agrees for the device
 * and for themselves. Neither order nor repetition matters. Throws `RowNotLoaded` for refs that were not loaded.
 */
export function foldConsent(work: UnitOfWork, input: ConsentInput): void {
  const { workspace, at, index, source, eventId } = input;
  for (const ref of input.refs) {
    const row: ChoiceRow = work.get(CHOICES, ref) ?? { workspace, choices: {} };
    const choices = new Map<string, Choice>(Object.entries(row.choices));
    for (const [purpose, granted] of Object.entries(input.choices)) {
      const held = choices.get(purpose);
      if (held === undefined && choices.size >= ROW_PURPOSES_MAX) continue;
      choices.set(purpose, later(held, { granted, at, index, source, eventId }));
    }
    work.set(CHOICES, ref, { workspace, choices: Object.fromEntries(choices) });
  }
}

/** What was chosen under an identifier; `undefined` if nothing was. Throws `RowNotLoaded` if it was not loaded. */
export function choicesOf(work: UnitOfWork, ref: Ref): ChoiceRow | undefined {
  return work.get(CHOICES, ref);
}

import type { Ref } from '#kernel';
import { UnitOfWork, type StateStore } from '#state-store';
import { GUESSED_FROM, GUESSES, type Guess, type GuessVerdict } from './guess-rows.ts';

/** A guess that somebody confirmed: from then on an identifier like a typed one. */
export interface Confirmation {
  readonly from: Ref;
  readonly to: Ref;
  readonly guess: Guess;
  readonly verdict: GuessVerdict;
}

/** Confirmed guesses from and to these identifiers; read while a runner may be writing. */
export async function readConfirmations(store: StateStore, refs: readonly Ref[]): Promise<Confirmation[]> {
  const work = new UnitOfWork(store);
  await work.load(GUESSED_FROM, refs);
  const origins = new Set([...refs, ...refs.flatMap((ref) => work.get(GUESSED_FROM, ref) ?? [])]);
  await work.load(GUESSES, [...origins]);
  return [...origins].flatMap((from) => {
    const row = work.get(GUESSES, from);
    return Object.entries(row?.verdicts ?? {}).flatMap(([key, verdict]) => {
      const to = key as Ref;
      const guess = row?.guesses[to];
      return verdict.status === 'confirmed' && guess !== undefined ? [{ from, to, guess, verdict }] : [];
    });
  });
}

import type { Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { GUESSED_FROM, GUESSES } from './guess-rows.ts';

/** Removes the guesses at what identifiers meant, verdicts included, and the way back from what was guessed. */
export async function eraseGuesses(work: UnitOfWork, refs: Iterable<Ref>): Promise<void> {
  const from = [...refs];
  await work.load(GUESSES, from);
  const pairs = from.flatMap((ref) => {
    const row = work.get(GUESSES, ref);
    return row === undefined ? [] : Object.keys(row.guesses).map((to) => [ref, to as Ref] as const);
  });
  await work.load(
    GUESSED_FROM,
    pairs.map(([, to]) => to),
  );
  for (const [ref, to] of pairs) {
    const left = (work.get(GUESSED_FROM, to) ?? []).filter((origin) => origin !== ref);
    work.set(GUESSED_FROM, to, left.length === 0 ? undefined : left);
  }
  for (const ref of from) work.set(GUESSES, ref, undefined);
}

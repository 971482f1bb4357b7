import type { Position, Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { GuessInput, VerdictInput } from './guess-input.ts';
import { earlier, GUESSED_FROM, GUESSES, type GuessRow } from './guess-rows.ts';

/** Guesses kept of one identifier; further ones are dropped, so that no sender grows a row for ever. */
const ROW_GUESSES_MAX = 50;

/** Origins kept of one guessed value: a look-up by it is of use while they are few. */
const ORIGINS_MAX = 20;

/** Loads what the folds read of these pairs. */
export async function loadGuesses(
  work: UnitOfWork,
  pairs: readonly { readonly from: Ref; readonly to: Ref }[],
): Promise<void> {
  await work.load(
    GUESSES,
    pairs.map(({ from }) => from),
  );
  await work.load(
    GUESSED_FROM,
    pairs.map(({ to }) => to),
  );
}

/**
 * Folds the guesses of a touchpoint. A guess made again stays what it was, verdict included. Neither order nor
 * repetition matters while a row has room. Throws `RowNotLoaded` for refs that were not loaded.
 */
export function foldGuesses(work: UnitOfWork, { workspace, guesses }: GuessInput): void {
  for (const { from, to, guess } of guesses) {
    const row: GuessRow = work.get(GUESSES, from) ?? { workspace, guesses: {}, verdicts: {} };
    const held = row.guesses[to];
    if (held === undefined && Object.keys(row.guesses).length >= ROW_GUESSES_MAX) continue;
    const kept = earlier(held, guess);
    if (kept !== held) work.set(GUESSES, from, { ...row, guesses: { ...row.guesses, [to]: kept } });
    const origins = work.get(GUESSED_FROM, to) ?? [];
    if (origins.length < ORIGINS_MAX && !origins.includes(from))
      work.set(GUESSED_FROM, to, [...origins, from]);
  }
}

/** A verdict at its place in the log, with its log time, ms since 1970 UTC. */
export type PlacedVerdict = VerdictInput & { readonly position: Position; readonly recordedAt: number };

/**
 * Folds a verdict; the first one stands. Answers whether it is this one. Throws `RowNotLoaded` for refs that were not
 * loaded.
 */
export function foldVerdict(work: UnitOfWork, input: PlacedVerdict): boolean {
  const { workspace, from, to, verdict: status, actor, reason, at, eventId, recordedAt } = input;
  const position = input.position.toString();
  const row: GuessRow = work.get(GUESSES, from) ?? { workspace, guesses: {}, verdicts: {} };
  const stands = row.verdicts[to];
  if (stands !== undefined) return stands.eventId === eventId;
  const told = { status, actor, reason, at, eventId, position, recordedAt };
  work.set(GUESSES, from, { ...row, verdicts: { ...row.verdicts, [to]: told } });
  return true;
}

/** Guesses from an identifier; `undefined` if there never was one. Throws `RowNotLoaded` if it was not loaded. */
export function guessesOf(work: UnitOfWork, from: Ref): GuessRow | undefined {
  return work.get(GUESSES, from);
}

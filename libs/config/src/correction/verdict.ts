import type { Ref } from '#kernel';

/** What people said of a guessed identifier. Both stand for ever. */
export type Verdict = 'confirmed' | 'rejected';

/** A guessed identifier, and what it was guessed from. Refs: no value is in the log. */
export interface GuessedPair {
  /** The identifier that was typed, or the anchor where that was none. */
  readonly from: Ref;
  /** The identifier that may have been meant. */
  readonly to: Ref;
}

/** Verdicts of a workspace by `pairKey`. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** One text per pair, for maps. */
export function pairKey({ from, to }: GuessedPair): string {
  return `${from}-${to}`;
}

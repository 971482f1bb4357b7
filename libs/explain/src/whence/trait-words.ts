import { compareRegisters, type Register } from '#profile';
import { compareText, isoTime, type EventId, type Ref, type SourceName } from '#kernel';

/** What a touchpoint said of one trait, and under whom. */
export interface SaidWord extends Register {
  readonly trait: string;
  /** Identifier whose touchpoint said it. */
  readonly anchor: Ref;
  /** Log time, ms since 1970 UTC. */
  readonly recordedAt: number;
}

/** Why a word gave way to another: what the order of words compares first and found unequal. */
export type Because = 'older' | 'less_trusted' | 'earlier_in_batch' | 'by_event_id';

/** A word on a trait as readers get it. Times are ISO 8601, UTC with milliseconds. */
export interface TraitWord {
  /** `null` took the trait away. */
  readonly value: unknown;
  readonly at: string;
  readonly recordedAt: string;
  readonly source: SourceName;
  /** True for a system of the company, which goes before people's own devices at equal times. */
  readonly trusted: boolean;
  readonly eventId: EventId;
  readonly anchor: Ref;
  /** True for the word that stands. */
  readonly current: boolean;
  /** Event of the next word, which this one gave way to; absent for the current one. */
  readonly lostTo?: EventId;
  readonly because?: Because;
}

/** Every word on each trait, by name; the word that stands first, then the one before it, … */
export function wordsByTrait(said: readonly SaidWord[]): Readonly<Record<string, readonly TraitWord[]>> {
  const traits = new Map<string, SaidWord[]>();
  for (const word of said) {
    const words = traits.get(word.trait);
    if (words === undefined) traits.set(word.trait, [word]);
    else words.push(word);
  }
  return Object.fromEntries(
    [...traits]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, words]) => [name, inOrder(words.sort((a, b) => compareRegisters(b, a)))]),
  );
}

function inOrder(words: readonly SaidWord[]): TraitWord[] {
  return words.map(({ value, at, recordedAt, source, rank, eventId, anchor }, i) => {
    const next = words[i - 1];
    return {
      value,
      at: isoTime(at),
      recordedAt: isoTime(recordedAt),
      source,
      trusted: rank > 0,
      eventId,
      anchor,
      current: next === undefined,
      ...(next === undefined ? {} : { lostTo: next.eventId, because: because(words[i] as SaidWord, next) }),
    };
  });
}

function because(word: Register, next: Register): Because {
  if (word.at !== next.at) return 'older';
  if (word.rank !== next.rank) return 'less_trusted';
  return word.index !== next.index ? 'earlier_in_batch' : 'by_event_id';
}

import type { TraitPolicies, TraitPolicy } from '#identity';
import { compareRegisters, joinWords, policyOf, type Register } from '#profile';
import { compareText, isoTime, type EventId, type Ref, type SourceName } from '#kernel';

/** What a touchpoint said of one trait, and under whom. */
export interface SaidWord extends Register {
  readonly trait: string;
  /** Identifier whose touchpoint said it. */
  readonly anchor: Ref;
  /** Log time, ms since 1970 UTC. */
  readonly recordedAt: number;
}

/**
 * Why a word gave way to another: what the order of words compares first and found unequal, or the trait's policy, which
 * goes before that order.
 */
export type Because = 'older' | 'less_trusted' | 'earlier_in_batch' | 'by_event_id' | 'policy';

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
  /** True for the word that stands; of a union for each that is a part of it. */
  readonly current: boolean;
  /** Event of the word that this one gave way to: the next one, or under a policy the one that stands. */
  readonly lostTo?: EventId;
  readonly because?: Because;
}

/** Every word on each trait, by name; what stands first, then the others, the newest first. */
export function wordsByTrait(
  said: readonly SaidWord[],
  policies: TraitPolicies = {},
): Readonly<Record<string, readonly TraitWord[]>> {
  const traits = new Map<string, SaidWord[]>();
  for (const word of said) {
    const words = traits.get(word.trait);
    if (words === undefined) traits.set(word.trait, [word]);
    else words.push(word);
  }
  return Object.fromEntries(
    [...traits]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, words]) => [name, judged(words, policyOf(policies, name))]),
  );
}

function judged(words: readonly SaidWord[], policy: TraitPolicy): TraitWord[] {
  const newestFirst = words.toSorted((a, b) => compareRegisters(b, a));
  const standing = newestFirst.reduce<Register | undefined>(
    (held, word) => joinWords(policy, held, word),
    undefined,
  );
  const stands = (word: SaidWord): boolean =>
    policy === 'union'
      ? word.value !== null || newestFirst.every(({ value }) => value === null)
      : standing !== undefined && compareRegisters(word, standing) === 0;
  const current = newestFirst.filter(stands);
  const lost = newestFirst.filter((word) => !stands(word));
  return [
    ...current.map((word) => toldWord(word)),
    ...lost.map((word, i) => {
      const winner = policy === 'latest' ? (lost[i - 1] ?? current[0]) : current[0];
      return toldWord(word, winner);
    }),
  ];
}

function toldWord(
  { value, at, recordedAt, source, rank, index, eventId, anchor }: SaidWord,
  winner?: SaidWord,
): TraitWord {
  return {
    value,
    at: isoTime(at),
    recordedAt: isoTime(recordedAt),
    source,
    trusted: rank > 0,
    eventId,
    anchor,
    current: winner === undefined,
    ...(winner === undefined
      ? {}
      : { lostTo: winner.eventId, because: because({ value, at, source, eventId, rank, index }, winner) }),
  };
}

function because(word: Register, winner: Register): Because {
  if (compareRegisters(word, winner) > 0) return 'policy';
  if (word.at !== winner.at) return 'older';
  if (word.rank !== winner.rank) return 'less_trusted';
  return word.index !== winner.index ? 'earlier_in_batch' : 'by_event_id';
}

import { compareText, type EventId, type Ref, type SourceName, type Workspace } from '#kernel';
import { jsonCollection } from '#state-store';

/** What became of a guess. Until it is confirmed nothing is sent to it, and it links nobody. */
export type GuessStatus = 'unverified' | 'confirmed' | 'rejected';

/** A guessed identifier with its provenance. */
export interface Guess {
  readonly ns: string;
  /** Canonical value. Personal data. */
  readonly value: string;
  /** False where what was typed is no identifier, and the guess is kept with the anchor. */
  readonly typed: boolean;
  readonly outcome: 'correction' | 'suggestion';
  readonly ruleId: string;
  readonly rulesetVersion: number;
  /** From 0 to 1, an author's estimate. */
  readonly confidence: number;
  /** Event time of the touchpoint that gave rise to it first, ms since 1970 UTC. */
  readonly at: number;
  readonly source: SourceName;
  readonly eventId: EventId;
}

/** A verdict on a guess. */
export interface GuessVerdict {
  readonly status: Exclude<GuessStatus, 'unverified'>;
  /** Who gave it: role of the API key, or `role:name`. */
  readonly actor: string;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
  readonly eventId: EventId;
  /** Place in the log, decimal, and log time, ms since 1970 UTC. */
  readonly position: string;
  readonly recordedAt: number;
}

/** Row of `x.guess`: guesses from one identifier, by the ref of what was guessed. A merge never changes it. */
export interface GuessRow {
  readonly workspace: Workspace;
  readonly guesses: Readonly<Record<Ref, Guess>>;
  /** Verdicts by the same refs; also on guesses that cannot be read any more. */
  readonly verdicts: Readonly<Record<Ref, GuessVerdict>>;
}

/** Guesses; key: the ref of the identifier that was typed, or of the anchor. */
export const GUESSES = jsonCollection<GuessRow>('x.guess');

/** From which identifiers a value was guessed, so that it can be looked up; key: the ref of the guess. */
export const GUESSED_FROM = jsonCollection<readonly Ref[]>('x.from');

/** The earlier of two tellings of one guess, by event time, then event id. Order does not matter. */
export function earlier(a: Guess | undefined, b: Guess): Guess {
  if (a === undefined) return b;
  return (b.at - a.at || compareText(b.eventId, a.eventId)) < 0 ? b : a;
}

/** Status of a guess under its verdict. */
export function statusOf(verdict: GuessVerdict | undefined): GuessStatus {
  return verdict?.status ?? 'unverified';
}

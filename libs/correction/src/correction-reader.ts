import { compareText, isoTime, type EventId, type Ref, type SourceName } from '#kernel';
import { UnitOfWork, type StateStore } from '#state-store';
import { GUESSED_FROM, GUESSES, statusOf, type GuessRow, type GuessStatus } from './guess-rows.ts';

/** A guess at what a person's identifier was meant to be, as it is shown. */
export interface Correction {
  /** `<derivedFrom>-<anchor>`: by it the guess is confirmed or rejected. */
  readonly id: string;
  readonly namespace: string;
  /** Canonical value of the guess. Personal data. */
  readonly value: string;
  readonly outcome: 'correction' | 'suggestion';
  readonly status: GuessStatus;
  /** A guess is no evidence. */
  readonly strength: 0;
  /** Identifier that was typed, or the one that the event belongs to where what was typed is none. */
  readonly derivedFrom: Ref;
  /** Stand-in of the guessed identifier. */
  readonly anchor: Ref;
  readonly ruleId: string;
  readonly rulesetVersion: number;
  readonly confidence: number;
  /** Event time, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly source: SourceName;
  readonly eventId: EventId;
  /** Who confirmed or rejected it, why and when; `null` while it is unverified. */
  readonly decided: { readonly actor: string; readonly reason: string; readonly at: string } | null;
}

/** Guesses from a person's identifiers, in the order of time; read while a runner may be writing. */
export async function readCorrections(store: StateStore, refs: readonly Ref[]): Promise<Correction[]> {
  const work = new UnitOfWork(store);
  await work.load(GUESSES, refs);
  return refs
    .flatMap((ref) => {
      const row = work.get(GUESSES, ref);
      return row === undefined ? [] : correctionsOf(ref, row);
    })
    .sort((a, b) => compareText(a.at, b.at) || compareText(a.id, b.id));
}

/** Identifiers that a value was guessed from by a curated rule, and of which nobody said that it is not so. */
export async function originsOf(store: StateStore, to: Ref): Promise<Ref[]> {
  const work = new UnitOfWork(store);
  await work.load(GUESSED_FROM, [to]);
  const origins = work.get(GUESSED_FROM, to) ?? [];
  await work.load(GUESSES, origins);
  return origins.filter((from) => {
    const row = work.get(GUESSES, from);
    return row?.guesses[to]?.outcome === 'correction' && row.verdicts[to]?.status !== 'rejected';
  });
}

/** What was guessed from these identifiers, and from none besides them. */
export async function guessedOnlyFrom(store: StateStore, refs: readonly Ref[]): Promise<Ref[]> {
  const work = new UnitOfWork(store);
  await work.load(GUESSES, refs);
  const guessed = new Set(refs.flatMap((ref) => Object.keys(work.get(GUESSES, ref)?.guesses ?? {}) as Ref[]));
  await work.load(GUESSED_FROM, guessed);
  const own = new Set(refs);
  return [...guessed].filter((to) => (work.get(GUESSED_FROM, to) ?? []).every((from) => own.has(from)));
}

function correctionsOf(derivedFrom: Ref, { guesses, verdicts }: GuessRow): Correction[] {
  return Object.entries(guesses).map(([to, guess]) => {
    const { ns, value, outcome, ruleId, rulesetVersion, confidence, at, source, eventId } = guess;
    const anchor = to as Ref;
    const verdict = verdicts[anchor];
    return {
      id: `${derivedFrom}-${anchor}`,
      namespace: ns,
      value,
      outcome,
      status: statusOf(verdict),
      strength: 0,
      derivedFrom,
      anchor,
      ruleId,
      rulesetVersion,
      confidence,
      at: isoTime(at),
      source,
      eventId,
      decided:
        verdict === undefined
          ? null
          : { actor: verdict.actor, reason: verdict.reason, at: isoTime(verdict.at) },
    };
  });
}

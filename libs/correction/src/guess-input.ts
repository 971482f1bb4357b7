import type { EventId, Ref, Workspace } from '#kernel';
import type { Envelope, SealedBody } from '#touchpoint';
import type { Guess } from './guess-rows.ts';

/** What the fold gets for one touchpoint that gave rise to guesses. */
export interface GuessInput {
  readonly workspace: Workspace;
  readonly guesses: readonly { readonly from: Ref; readonly to: Ref; readonly guess: Guess }[];
}

/** Reads an opened touchpoint as it stands in the log, guesses included; `undefined` if it has none. */
export function guessInputOf(envelope: Envelope, { ids, derivations }: SealedBody): GuessInput | undefined {
  if (derivations === undefined) return undefined;
  const { workspace, refs, at, source, eventId } = envelope;
  const guesses = derivations.flatMap(({ of, from, ...how }) => {
    const [to, origin] = [refs[of], refs[from]];
    if (to === undefined || origin === undefined) return [];
    const guess: Guess = { ns: to.ns, value: ids[of] as string, ...how, at, source, eventId };
    return [{ from: origin.ref, to: to.ref, guess }];
  });
  return { workspace, guesses };
}

/** A person's word on a guess, at its place in the log. */
export interface VerdictInput {
  readonly workspace: Workspace;
  readonly eventId: EventId;
  readonly from: Ref;
  readonly to: Ref;
  readonly fromNamespace: string;
  readonly toNamespace: string;
  readonly verdict: 'confirmed' | 'rejected';
  readonly actor: string;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

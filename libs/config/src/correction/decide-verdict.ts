import type { EventId } from '#kernel';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided } from '../decided.ts';
import { pairKey, type GuessedPair, type Verdict } from './verdict.ts';

/** The other verdict was given before, and stands. */
export interface AlreadyDecided {
  readonly outcome: 'already_decided';
  readonly verdict: Verdict;
}

/** A verdict on a guess. Giving the same one again changes nothing; the other one is refused. */
export function decideVerdict(
  { verdicts }: ConfigState,
  pair: GuessedPair & { readonly fromNamespace: string; readonly toNamespace: string },
  verdict: Verdict,
  commandId: EventId,
  reason: string,
  by: Authorship,
): Decided<AlreadyDecided> {
  const known = verdicts.get(pairKey(pair));
  if (known === verdict) return { events: [] };
  if (known !== undefined) return { refused: { outcome: 'already_decided', verdict: known } };
  const type = verdict === 'confirmed' ? 'CorrectionConfirmed' : 'CorrectionRejected';
  return { events: [{ type, commandId, ...pair, reason, ...by }] };
}

import { clickHouseTime } from '#kernel';
import type { Ref } from '#kernel';
import { statusOf } from '#correction';
import type { CorrectionChange, IdentifierChange, Owned } from '#projection';

/** Values of the `corrections` rows of an identifier: one per guess. */
export function correctionRows({ value, version }: Owned<CorrectionChange>): unknown[][] {
  const { workspace, anchor, typed, row } = value;
  return Object.entries(row.guesses).map(([to, guess]) => {
    const verdict = row.verdicts[to as Ref];
    return [
      workspace,
      anchor,
      to,
      guess.ns,
      guess.typed ? typed : '',
      guess.value,
      guess.outcome,
      guess.ruleId,
      guess.rulesetVersion,
      guess.confidence,
      clickHouseTime(guess.at),
      guess.source,
      guess.eventId,
      statusOf(verdict),
      clickHouseTime(verdict?.at ?? 0),
      verdict?.actor ?? '',
      version.toString(),
    ];
  });
}

/** Values of the `match_keys` row of an identifier; none where it has no key. */
export function matchKeyRows({ workspace, ref, matchKey, version }: IdentifierChange): unknown[][] {
  return matchKey === undefined ? [] : [[workspace, matchKey, ref, version.toString()]];
}

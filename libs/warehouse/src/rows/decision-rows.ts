import { clickHouseTime, NIL_PROFILE } from '#kernel';
import type { TouchpointFact } from '#projection';

/** Values of the `identity_decisions` rows that a touchpoint caused. */
export function decisionRows({ decisions, recordedAt }: TouchpointFact): unknown[][] {
  return decisions.map((decision) => {
    const { workspace, position, n, decisionId, kind, profileId, otherProfileId, rule, details } = decision;
    return [
      workspace,
      position.toString(),
      n,
      decisionId,
      clickHouseTime(recordedAt),
      kind,
      profileId,
      otherProfileId ?? NIL_PROFILE,
      rule,
      decision.evidenceEventId,
      (details.identifier as { ns?: string } | undefined)?.ns ?? '',
      JSON.stringify(details),
    ];
  });
}

/** Values of the `identity_overrides` rows of the identifiers that a touchpoint moved. */
export function overrideRows({ moved, touchpoint }: TouchpointFact): unknown[][] {
  const { workspace } = touchpoint.envelope;
  return moved.map(({ ref, to }) => [workspace, ref, to, touchpoint.position.toString()]);
}

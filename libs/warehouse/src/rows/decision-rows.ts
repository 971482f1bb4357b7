import { clickHouseTime, NIL_PROFILE } from '#kernel';
import type { CommandFact, TouchpointFact } from '#projection';

/** Values of the `identity_decisions` rows that a touchpoint or an order caused. */
export function decisionRows(fact: TouchpointFact | CommandFact): unknown[][] {
  const { decisions, recordedAt } = fact;
  const source = 'touchpoint' in fact ? fact.touchpoint.envelope.source : '';
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
      decision.rulesVersion,
      decision.evidenceEventId,
      (details.identifier as { ns?: string } | undefined)?.ns ?? '',
      source,
      JSON.stringify(details),
    ];
  });
}

/** Values of the `identity_overrides` rows of the identifiers that a touchpoint or an order moved. */
export function overrideRows(fact: TouchpointFact | CommandFact): unknown[][] {
  const { workspace } = 'touchpoint' in fact ? fact.touchpoint.envelope : fact;
  const { position } = 'touchpoint' in fact ? fact.touchpoint : fact;
  return fact.moved.map(({ ref, to }) => [workspace, ref, to, position.toString()]);
}

import { clickHouseTime, type ProfileId, type Ref } from '#kernel';
import type { Decision } from '#identity';
import type { CommandFact, TouchpointFact } from '#projection';

interface Named {
  readonly ns: string;
  readonly ref: Ref;
}

/** What decisions tell of identifiers, by kind. */
interface Told {
  readonly founding?: Named;
  readonly identifier?: Named;
  readonly moved?: readonly Named[];
  readonly parts?: readonly { readonly identifiers: readonly Named[] }[];
}

/**
 * Values of the `identities_history` rows of a touchpoint or an order: identifiers that came to a profile, from another
 * one or as new ones. The decisions tell of every new one.
 */
export function identityHistoryRows(fact: TouchpointFact | CommandFact): unknown[][] {
  const { decisions, moved } = fact;
  if (decisions.length === 0 && moved.length === 0) return [];
  const names = new Map<Ref, string>();
  const came = new Map<Ref, ProfileId>();
  for (const decision of decisions) {
    const told = decision.details as Told;
    for (const { ns, ref } of namedIn(told)) names.set(ref, ns);
    const newcomer = newcomerOf(decision, told);
    if (newcomer !== undefined) came.set(newcomer.ref, decision.profileId);
  }
  for (const { ref, to } of moved) came.set(ref, to);
  const { workspace, position } = placeOf(fact);
  const time = clickHouseTime(fact.recordedAt);
  return [...came].map(([ref, to]) => [workspace, names.get(ref) ?? '', ref, to, position.toString(), time]);
}

/** Values of the `profile_aliases` rows of a touchpoint or an order. */
export function aliasRows(fact: TouchpointFact | CommandFact): unknown[][] {
  const { workspace, position } = placeOf(fact);
  return fact.aliases.map(({ id, leadsTo }) => [
    workspace,
    id,
    leadsTo,
    position.toString(),
    clickHouseTime(fact.recordedAt),
  ]);
}

/** Values of the `derivations` row of a finding; none for another touchpoint. */
export function derivationRows({ touchpoint, recordedAt }: TouchpointFact): unknown[][] {
  const { envelope, body, anchor, position } = touchpoint;
  if (envelope.kind !== 'derived' || body === null || anchor === null) return [];
  return [
    [
      envelope.workspace,
      envelope.eventId,
      body.payload.of,
      position.toString(),
      envelope.source,
      clickHouseTime(envelope.at),
      clickHouseTime(recordedAt),
      anchor,
      envelope.refs.map(({ ref }) => ref),
      body.trust ?? 'client',
    ],
  ];
}

function newcomerOf({ kind }: Decision, { founding, identifier }: Told): Named | undefined {
  if (kind === 'ProfileCreated') return founding;
  return kind === 'IdentifierLinked' ? identifier : undefined;
}

function namedIn({ founding, identifier, moved = [], parts = [] }: Told): Named[] {
  const one = [founding, identifier].filter((named) => named !== undefined);
  return [...one, ...moved, ...parts.flatMap(({ identifiers }) => identifiers)];
}

function placeOf(fact: TouchpointFact | CommandFact): { workspace: string; position: bigint } {
  if (!('touchpoint' in fact)) return fact;
  const { envelope, position } = fact.touchpoint;
  return { workspace: envelope.workspace, position };
}

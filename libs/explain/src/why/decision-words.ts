import type { Ref } from '#kernel';
import type { DecisionKind, NamedRef } from '#identity';
import type { ToldIdentifier } from './told.types.ts';
import { wordsOf } from './words/words-of.ts';
import type { LanguageCode } from './words/words.ts';

/** What a decision says beside its profile, as `identity_decisions.details` keeps it. */
export interface DecisionDetails {
  readonly kind?: string;
  readonly reason?: string;
  readonly why?: string;
  readonly limit?: number;
  readonly namespace?: string;
  readonly founding?: NamedRef;
  readonly identifier?: NamedRef;
  readonly to?: NamedRef;
  readonly identifiers?: readonly NamedRef[];
  readonly moved?: readonly NamedRef[];
  readonly parts?: readonly { readonly profileId: string; readonly identifiers: readonly NamedRef[] }[];
}

/** A decision as the tables keep it. */
export interface RecordedDecision {
  readonly kind: DecisionKind;
  readonly profileId: string;
  readonly otherProfileId: string;
  readonly details: DecisionDetails;
}

/** What was decided, as a sentence. */
export function decisionSentence(
  { kind, profileId, otherProfileId, details }: RecordedDecision,
  language: LanguageCode,
  tell: (named: NamedRef) => ToldIdentifier,
): string {
  const words = wordsOf(language);
  const name = (named: NamedRef | undefined): string =>
    named === undefined ? '' : words.identifier(tell(named));
  const names = (all: readonly NamedRef[] | undefined): string => (all ?? []).map(name).join(', ');
  const say = words.decision;
  switch (kind) {
    case 'ProfileCreated':
      return say.created(name(details.founding), details.kind === 'known');
    case 'ProfileIdentified':
      return say.identified(names(details.identifiers));
    case 'IdentifierLinked':
      return say.linked(name(details.identifier), name(details.to));
    case 'ProfilesMerged':
      return say.merged(profileId, otherProfileId, names(details.moved));
    case 'ProfileAbsorbed':
      return say.absorbed(profileId, otherProfileId);
    case 'ProfileSplit':
      return say.split(
        profileId,
        (details.parts ?? []).map((part) => `${part.profileId}: ${names(part.identifiers)}`),
        say.gone(details.reason ?? ''),
      );
    case 'LinkRejected':
      return details.identifiers === undefined
        ? say.rejected(name(details.identifier), name(details.to), words.whyRefused(refusalOf(details)))
        : say.contradiction(names(details.identifiers));
    case 'LinkRevoked':
      return say.revoked(name(details.identifier), name(details.to), say.gone(details.reason ?? ''));
    case 'IdentifierQuarantined':
      return say.quarantined(name(details.identifier), details.why === 'FLOOD');
    case 'IdentifierMarkedShared':
      return say.shared(name(details.identifier));
  }
}

function refusalOf({
  reason,
  limit,
  namespace,
}: DecisionDetails): Parameters<ReturnType<typeof wordsOf>['whyRefused']>[0] {
  return {
    reason: (reason ?? 'LIMIT') as 'LIMIT',
    ...(limit === undefined ? {} : { limit }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Every identifier that decisions name. */
export function refsOfDecisions(decisions: readonly Pick<RecordedDecision, 'details'>[]): Set<Ref> {
  const refs = new Set<Ref>();
  for (const { details } of decisions) {
    const { founding, identifier, to, identifiers = [], moved = [], parts = [] } = details;
    const all = [
      founding,
      identifier,
      to,
      ...identifiers,
      ...moved,
      ...parts.flatMap((part) => part.identifiers),
    ];
    for (const named of all) if (named !== undefined) refs.add(named.ref);
  }
  return refs;
}

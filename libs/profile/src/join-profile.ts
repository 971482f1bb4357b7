import {
  compareText,
  isoTime,
  type EventId,
  type ProfileId,
  type Ref,
  type SourceName,
  type Workspace,
} from '#kernel';
import type { Membership } from '#identity';
import type { AnchorRow, IdentifierRow, ProfileParts } from './profile-rows.ts';
import { compareRegisters, type Register } from './register.ts';
import type { TraitPolicies } from '#identity';
import { joinWords, policyOf } from './trait-policy.ts';

/** A trait with its provenance. */
export interface Trait {
  readonly value: unknown;
  /** Event time, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly source: SourceName;
  readonly eventId: EventId;
  /** Identifier whose touchpoint said it. */
  readonly anchor: Ref;
}

/** An identifier of a profile. Times are event times, ISO 8601 UTC with milliseconds. */
export interface ProfileIdentifier {
  readonly namespace: string;
  /** Canonical value. Personal data. */
  readonly value: string;
  readonly anchor: Ref;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** Source that named it first. */
  readonly source: SourceName;
}

/** A person as now known. Times are event times, ISO 8601 UTC with milliseconds. */
export interface Profile {
  readonly id: ProfileId;
  readonly workspace: Workspace;
  /** By name, in the order of the names. */
  readonly traits: Readonly<Record<string, Trait>>;
  /** By namespace, then first seen, then ref. */
  readonly identifiers: readonly ProfileIdentifier[];
  /** `null` only if nothing of the profile can be read any more. */
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  readonly eventCount: number;
  /** The e-mail address named last; `null` if there is none. */
  readonly email: string | null;
  /** The phone number named last, E.164; `null` if there is none. */
  readonly phone: string | null;
  readonly userIds: readonly string[];
}

type Present<Row> = readonly (readonly [ref: Ref, row: Row])[];

/**
 * Joins what is known per anchor into the profile that holds them now. Depends on the set of members only: not on
 * their order, and not on the merges that brought them together.
 */
export function joinProfile(
  { profileId, workspace, members }: Membership,
  parts: ProfileParts,
  policies: TraitPolicies = {},
): Profile {
  const refs = members.map(({ ref }) => ref).sort(compareText);
  const anchors = present(refs, parts.anchors);
  const identifiers = present(refs, parts.identifiers);
  // Other people's touchpoints can name an identifier too (a shared device): they count only where nothing else does.
  const seen = anchors.length > 0 ? anchors : identifiers;
  return {
    id: profileId,
    workspace,
    traits: joinTraits(anchors, policies),
    identifiers: identifiers.toSorted(compareIdentifiers).map(([ref, row]) => ({
      namespace: row.ns,
      value: row.value,
      anchor: ref,
      firstSeenAt: isoTime(row.first),
      lastSeenAt: isoTime(row.last),
      source: row.source,
    })),
    firstSeenAt: seen.length > 0 ? isoTime(Math.min(...seen.map(([, { first }]) => first))) : null,
    lastSeenAt: seen.length > 0 ? isoTime(Math.max(...seen.map(([, { last }]) => last))) : null,
    eventCount: anchors.reduce((sum, [, { events }]) => sum + events, 0),
    email: newestValue(identifiers, 'email'),
    phone: newestValue(identifiers, 'phone'),
    userIds: identifiers
      .filter(([, { ns }]) => ns === 'user_id')
      .map(([, { value }]) => value)
      .sort(compareText),
  };
}

function present<Row>(refs: readonly Ref[], rows: ReadonlyMap<Ref, Row>): Present<Row> {
  return refs.flatMap((ref) => {
    const row = rows.get(ref);
    return row === undefined ? [] : [[ref, row] as const];
  });
}

function joinTraits(anchors: Present<AnchorRow>, policies: TraitPolicies): Record<string, Trait> {
  const best = new Map<string, { word: Register; anchor: Ref }>();
  for (const [anchor, { traits }] of anchors) {
    for (const [name, word] of Object.entries(traits)) {
      const held = best.get(name);
      const joined = joinWords(policyOf(policies, name), held?.word, word);
      const isHeld = held !== undefined && compareRegisters(joined, held.word) === 0;
      best.set(name, { word: joined, anchor: isHeld ? held.anchor : anchor });
    }
  }
  return Object.fromEntries(
    [...best]
      .filter(([, { word }]) => word.value !== null)
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, { word, anchor }]) => [name, traitOf(word, anchor)]),
  );
}

function traitOf({ value, at, source, eventId }: Register, anchor: Ref): Trait {
  return { value, at: isoTime(at), source, eventId, anchor };
}

function compareIdentifiers(
  [refA, a]: Present<IdentifierRow>[number],
  [refB, b]: Present<IdentifierRow>[number],
): number {
  return compareText(a.ns, b.ns) || a.first - b.first || compareText(refA, refB);
}

/** Value of the identifier of a namespace that was named last; of two named at once, that of the greater ref. */
function newestValue(identifiers: Present<IdentifierRow>, namespace: string): string | null {
  let found: IdentifierRow | undefined;
  for (const [, row] of identifiers) {
    if (row.ns === namespace && (found === undefined || row.last >= found.last)) found = row;
  }
  return found?.value ?? null;
}

import type { ProfileId, Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import type { Member, ProfileRow } from './identity-rows.ts';
import type { Component } from './resolve.ts';
import { isAnonymous, type Step } from './step.ts';

/** Two identifiers that something holds together. */
export interface Link {
  readonly centre: Ref;
  readonly other: Ref;
  readonly strength: number;
}

/** What caused a change of profiles, for the decisions that tell it. */
export interface Tale {
  /** What the observation mentions, best first; empty for commands. */
  readonly mentions: readonly EnvelopeRef[];
  /** Links that hold now, the observation's own first. */
  readonly links: readonly Link[];
  /** Why a profile was taken apart. */
  readonly splitReason: (profile: ProfileId) => string;
  /** True if an operator's merge, not evidence, may be what unites. */
  readonly forced: boolean;
}

/** A profile as a step leaves it. */
export interface Change {
  readonly id: ProfileId;
  /** What it goes on from: its row before the step, or its birth. */
  readonly row: Pick<ProfileRow, 'workspace' | 'founding' | 'createdAt' | 'published' | 'aliases'>;
  readonly created: boolean;
  readonly component: Component;
  readonly members: readonly Member[];
}

/** Tells births first, so that a stream begins with everything known of its profile; then who parted and who met. */
export function tellChanges(
  step: Step,
  changes: readonly Change[],
  olds: ReadonlyMap<ProfileId, ProfileRow>,
  holderBefore: (ref: Ref) => ProfileId | undefined,
  tale: Tale,
): void {
  const owner = new Map(changes.flatMap(({ id, members }) => members.map(([, ref]) => [ref, id] as const)));
  const tellers = { step, changes, olds, holderBefore, tale, owner };
  for (const change of changes) tellBirth(step, change, olds.get(change.id)?.members ?? []);
  const sizes = new Map(changes.map(({ id }) => [id, 0]));
  for (const [ref, id] of owner) if (holderBefore(ref) === id) sizes.set(id, (sizes.get(id) as number) + 1);
  for (const [id, row] of olds) {
    const parts = partsOf(row.members, owner);
    const [only] = parts.keys();
    if (parts.size > 1) tellSplit(tellers, id, parts);
    else if (only !== undefined && only !== id) tellMerge(tellers, only, id, sizes);
  }
  for (const change of changes) tellNewcomers(step, change, tale.mentions);
}

interface Tellers {
  readonly step: Step;
  readonly changes: readonly Change[];
  readonly olds: ReadonlyMap<ProfileId, ProfileRow>;
  readonly holderBefore: (ref: Ref) => ProfileId | undefined;
  readonly tale: Tale;
  readonly owner: ReadonlyMap<Ref, ProfileId>;
}

/** Tells that a profile is born, or that more than devices is known of it from here on. */
export function tellBirth(
  step: Step,
  { id, row, created, members }: Pick<Change, 'id' | 'row' | 'created' | 'members'>,
  before: readonly Member[],
): void {
  const anonymous = isAnonymous(members, step.rules);
  if (created) {
    const details = { kind: anonymous ? 'anonymous' : 'known', founding: identifierOf(row.founding) };
    step.tell('ProfileCreated', id, { rule: 'R9', details });
  } else if (!anonymous && isAnonymous(before, step.rules)) {
    step.tell('ProfileIdentified', id, { rule: 'R9', details: { identifiers: members.map(identifierOf) } });
  }
}

function tellSplit(
  { step, changes, olds, tale }: Tellers,
  id: ProfileId,
  parts: ReadonlyMap<ProfileId, readonly Member[]>,
): void {
  const reason = tale.splitReason(id);
  const told = [...parts].map(([profileId, members]) => ({
    profileId,
    identifiers: members.map(identifierOf),
  }));
  step.tell('ProfileSplit', id, { rule: RULE_OF_REASON[reason] ?? 'R6', details: { reason, parts: told } });
  const largest = [...parts].reduce((most, one) => (one[1].length > most[1].length ? one : most))[0];
  if (!parts.has(id))
    step.tell('ProfileAbsorbed', id, { rule: 'R9', other: largest, details: { moved: [] } });
  for (const [to, members] of parts) {
    if (to === id || !olds.has(to) || changes.some((change) => change.id === to && change.created)) continue;
    for (const member of members) {
      const link = tale.links.find(({ centre, other }) => centre === member[1] || other === member[1]);
      const near = link === undefined ? {} : { to: nearEnd(step, link, member[1]), strength: link.strength };
      const details = { identifier: identifierOf(member), ...near };
      step.tell('IdentifierLinked', to, { rule: 'R6', other: id, details });
    }
  }
}

function tellMerge(
  { step, olds, holderBefore, tale }: Tellers,
  survivor: ProfileId,
  absorbed: ProfileId,
  sizes: Map<ProfileId, number>,
): void {
  const moved = olds.get(absorbed)?.members ?? [];
  const isTheirs = (ref: Ref) => holderBefore(ref) === absorbed;
  const link = tale.links.find(({ centre, other }) => isTheirs(centre) !== isTheirs(other));
  const via =
    link === undefined
      ? {}
      : {
          identifier: { ns: step.ref(link.other)?.ns, ref: link.other },
          to: { ns: step.ref(link.centre)?.ns, ref: link.centre },
          strength: link.strength,
        };
  const before = sizes.get(survivor) as number;
  const after = before + moved.length;
  sizes.set(survivor, after);
  const counts = { before: { survivor: before, absorbed: moved.length }, after };
  const details = { ...via, moved: moved.map(identifierOf), ...counts };
  const rule = tale.forced && link === undefined ? 'R8' : 'R6';
  step.tell('ProfilesMerged', survivor, { rule, other: absorbed, details });
  step.tell('ProfileAbsorbed', absorbed, { rule: 'R9', other: survivor, details });
}

/** Tells of mentioned identifiers that no profile held before and this one holds now. */
export function tellNewcomers(
  step: Step,
  { id, row, created }: Pick<Change, 'id' | 'row' | 'created'>,
  mentions: readonly EnvelopeRef[],
): void {
  const isNew = (ref: Ref) => step.refBefore(ref)?.profileId === undefined;
  const here = mentions.filter(({ ref }) => step.ref(ref)?.profileId === id);
  for (const mention of here) {
    const isFounder = created && mention.ref === row.founding[1];
    if (isFounder || !isNew(mention.ref)) continue;
    const first = here.find(({ ref }) => ref !== mention.ref && (mention !== here[0] || !isNew(ref)));
    const to = first ?? { ns: row.founding[0], ref: row.founding[1] };
    const details = {
      identifier: identifierOf([mention.ns, mention.ref]),
      to: identifierOf([to.ns, to.ref]),
      strength: mention.strength,
    };
    step.tell('IdentifierLinked', id, { rule: 'R6', details });
  }
}

/** Rule that a reason for taking links away belongs to. */
export const RULE_OF_REASON: Readonly<Record<string, string>> = {
  BLOCKED: 'R2',
  SHARED: 'R5',
  WEAK_BRIDGE: 'R5',
  QUARANTINED: 'R4',
  SUPERSEDED: 'R7',
  RELEASED: 'R8',
  FORBIDDEN: 'R8',
  CANNOT_LINK: 'R8',
  ERASED: 'R13',
};

function nearEnd(step: Step, { centre, other }: Link, ref: Ref): { ns: string | undefined; ref: Ref } {
  const near = centre === ref ? other : centre;
  return { ns: step.ref(near)?.ns, ref: near };
}

function partsOf(members: readonly Member[], owner: ReadonlyMap<Ref, ProfileId>): Map<ProfileId, Member[]> {
  const parts = new Map<ProfileId, Member[]>();
  for (const member of members) {
    const id = owner.get(member[1]) as ProfileId;
    const part = parts.get(id);
    if (part === undefined) parts.set(id, [member]);
    else part.push(member);
  }
  return parts;
}

/** How decisions name an identifier. */
export function identifierOf([ns, ref]: Member): { readonly ns: string; readonly ref: Ref } {
  return { ns, ref };
}

import type { ProfileId, Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { isAnonymous, survivorFirst, type Obstacle } from './feasibility.ts';
import { memberOf, type Member, type ProfileRow } from './identity-rows.ts';
import { profileIdOf } from './profile-id.ts';
import { refusalKey, rememberRefusal, uniteRefusals } from './refused-links.ts';
import type { Step } from './step.ts';

/** How decisions name an identifier. */
interface Identifier {
  readonly ns: string;
  readonly ref: Ref;
}

/** A profile is born of identifiers that none held; the first is its founder. */
export function create(step: Step, newcomers: readonly EnvelopeRef[]): ProfileId {
  const [founder, ...rest] = newcomers as [EnvelopeRef, ...EnvelopeRef[]];
  const { workspace, position } = step.observation;
  const id = profileIdOf(workspace, founder.ref);
  const members = newcomers.map(memberOf);
  step.keep(id, {
    workspace,
    founding: memberOf(founder),
    createdAt: position.toString(),
    members,
    published: 0,
    aliases: [],
    refused: [],
    refusedUntold: 0,
  });
  step.assign(members, id);
  const kind = isAnonymous(members) ? 'anonymous' : 'known';
  step.tell('ProfileCreated', id, { rule: 'R9', details: { kind, founding: identifierOf(founder) } });
  for (const ref of rest) tellLinked(step, id, ref, founder);
  return id;
}

/** An identifier that no profile held joins the anchor's. */
export function join(step: Step, home: ProfileId, anchor: EnvelopeRef, ref: EnvelopeRef): void {
  takeIn(step, home, [ref]);
  tellLinked(step, home, ref, anchor);
}

/** The profile that holds `via` takes in the anchor (first of the newcomers) and what came with it. */
export function adopt(
  step: Step,
  holder: ProfileId,
  newcomers: readonly EnvelopeRef[],
  via: EnvelopeRef,
): ProfileId {
  const wasAnonymous = isAnonymous(step.profile(holder).members);
  takeIn(step, holder, newcomers);
  tellIfIdentified(step, holder, wasAnonymous);
  const [anchor, ...rest] = newcomers as [EnvelopeRef, ...EnvelopeRef[]];
  tellLinked(step, holder, anchor, via);
  for (const ref of rest) tellLinked(step, holder, ref, anchor);
  return holder;
}

/** Two profiles become one; answers the survivor. */
export function merge(
  step: Step,
  home: ProfileId,
  holder: ProfileId,
  anchor: EnvelopeRef,
  ref: EnvelopeRef,
): ProfileId {
  const [survivor, absorbed] = survivorFirst(
    { id: home, row: step.profile(home) },
    { id: holder, row: step.profile(holder) },
  );
  const members = [...survivor.row.members, ...absorbed.row.members];
  step.keep(survivor.id, { ...survivor.row, members, ...uniteRefusals(survivor.row, absorbed.row) });
  step.move(absorbed.row.members, absorbed.id, survivor.id);
  tellIfIdentified(step, survivor.id, isAnonymous(survivor.row.members));

  const details = {
    identifier: identifierOf(ref),
    to: identifierOf(anchor),
    strength: ref.strength,
    moved: identifiersOf(absorbed.row.members),
    before: { survivor: survivor.row.members.length, absorbed: absorbed.row.members.length },
    after: members.length,
  };
  step.tell('ProfilesMerged', survivor.id, { rule: 'R6', other: absorbed.id, details });
  step.tell('ProfileAbsorbed', absorbed.id, { rule: 'R9', other: survivor.id, details });
  leadTo(step, survivor.id, absorbed.id);
  return survivor.id;
}

/** A link is refused: both sides stay apart, and an identifier that no profile held gets one of its own. */
export function refuse(
  step: Step,
  home: ProfileId,
  anchor: EnvelopeRef,
  ref: EnvelopeRef,
  obstacle: Obstacle,
): void {
  const other = step.holderOf(ref.ref) ?? create(step, [ref]);
  if (other === home) return;
  const key = refusalKey(anchor.ref, ref.ref, obstacle.reason);
  if (step.profile(home).refused.includes(key) || step.profile(other).refused.includes(key)) return;
  const { row, told } = rememberRefusal(step.profile(home), key);
  step.keep(home, row);
  if (!told) return;
  const { rule, ...why } = obstacle;
  const details = { identifier: identifierOf(ref), to: identifierOf(anchor), ...why };
  step.tell('LinkRejected', home, { rule, other, details });
}

function takeIn(step: Step, id: ProfileId, newcomers: readonly EnvelopeRef[]): void {
  const row = step.profile(id);
  const members = newcomers.map(memberOf);
  step.keep(id, { ...row, members: [...row.members, ...members] });
  step.assign(members, id);
}

/** All ids that led to the absorbed profile, and its own, lead to the survivor directly. */
function leadTo(step: Step, survivor: ProfileId, absorbedId: ProfileId): void {
  const absorbed = step.profile(absorbedId);
  const aliases: ProfileRow['aliases'] = [...absorbed.aliases, [absorbedId, absorbed.published]];
  for (const [id, published] of aliases) step.alias(id, survivor, published);
  const row = step.profile(survivor);
  step.keep(survivor, { ...row, aliases: [...row.aliases, ...aliases] });
}

/** Told first of its step, so that a stream begins with everything that is known of its profile. */
function tellIfIdentified(step: Step, id: ProfileId, wasAnonymous: boolean): void {
  const { members } = step.profile(id);
  if (!wasAnonymous || isAnonymous(members)) return;
  step.tell('ProfileIdentified', id, { rule: 'R9', details: { identifiers: identifiersOf(members) } });
}

function tellLinked(step: Step, id: ProfileId, ref: EnvelopeRef, to: EnvelopeRef): void {
  const details = { identifier: identifierOf(ref), to: identifierOf(to), strength: ref.strength };
  step.tell('IdentifierLinked', id, { rule: 'R6', details });
}

function identifierOf({ ns, ref }: EnvelopeRef): Identifier {
  return { ns, ref };
}

function identifiersOf(members: readonly Member[]): Identifier[] {
  return members.map(([ns, ref]) => ({ ns, ref }));
}

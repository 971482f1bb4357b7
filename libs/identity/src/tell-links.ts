import { NIL_PROFILE, type ProfileId, type Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { isQuarantined, type RefRow } from './identity-rows.ts';
import type { Refusal, Resolution } from './resolve.ts';
import { pairKey, type Edge } from './star-edges.ts';
import type { Step } from './step.ts';
import { identifierOf, RULE_OF_REASON } from './tell-changes.ts';
import { rememberRefusal, TOLD_MAX } from './told-links.ts';

/** A link that held two identifiers in one profile and does no longer. */
export interface RevokedLink {
  readonly edge: Pick<Edge, 'centre' | 'other' | 'strength'>;
  /** Profile that both were in. */
  readonly from: ProfileId;
  readonly reason: string;
}

/** Links inside parted profiles whose ends are apart now, and why. */
export function revokedLinks(
  step: Step,
  asked: {
    readonly parted: ReadonlySet<ProfileId>;
    readonly edgesBefore: () => readonly Edge[];
    readonly resolution: Resolution;
    readonly reason: string;
  },
): RevokedLink[] {
  const { parted, resolution } = asked;
  if (parted.size === 0) return [];
  const group = new Map(resolution.components.flatMap(({ members }, i) => members.map((ref) => [ref, i])));
  const refused = new Map(
    resolution.refusals.map(({ edge, obstacle }) => [pairKey(edge.centre, edge.other), obstacle.reason]),
  );
  return asked.edgesBefore().flatMap((edge) => {
    const from = step.refBefore(edge.centre)?.profileId;
    const together = from !== undefined && from === step.refBefore(edge.other)?.profileId;
    if (!together || !parted.has(from) || group.get(edge.centre) === group.get(edge.other)) return [];
    const reason = refused.get(pairKey(edge.centre, edge.other));
    return [{ edge, from, reason: reason === undefined ? whyGone(step, edge) : whyTaken(reason) }];
  });
}

function whyTaken(reason: string): string {
  if (reason === 'SHARED') return 'SHARED';
  return reason === 'CANNOT_LINK' ? 'FORBIDDEN' : 'DISPLACED';
}

/** No evidence proposes the link any more. */
function whyGone(step: Step, { centre, other }: Edge): string {
  const rows = [centre, other].map((ref) => [step.ref(ref) as RefRow, step.refBefore(ref)] as const);
  if (rows.some(([now]) => isQuarantined(now))) return 'QUARANTINED';
  if (rows.some(([now, before]) => now.erased !== before?.erased)) return 'ERASED';
  if (rows.some(([now, before]) => now.released !== before?.released)) return 'RELEASED';
  return 'SUPERSEDED';
}

/** Tells who became quarantined or shared, and keeps the mark of sharing. */
export function tellMarks(
  step: Step,
  refs: readonly Ref[],
  shared: ReadonlySet<Ref>,
  flipped: ReadonlySet<Ref>,
): void {
  for (const ref of flipped) {
    const row = step.ref(ref) as RefRow;
    if (!isQuarantined(row) || row.profileId === undefined) continue;
    const why = row.flooded === true ? 'FLOOD' : 'PEOPLE';
    const details = { identifier: identifierOf([row.ns, ref]), why };
    step.tell('IdentifierQuarantined', row.profileId, { rule: 'R4', details });
  }
  for (const ref of refs) {
    const { shared: was, ...row } = step.ref(ref) as RefRow;
    if ((was ?? false) === shared.has(ref)) continue;
    step.setRef(ref, shared.has(ref) ? { ...row, shared: true } : row);
    if (!shared.has(ref) || row.profileId === undefined) continue;
    const details = { identifier: identifierOf([row.ns, ref]) };
    step.tell('IdentifierMarkedShared', row.profileId, { rule: 'R5', details });
  }
}

/** Tells links taken away; of very many, as when a flood is quarantined, the first ones in canonical order. */
export function tellRevoked(step: Step, revoked: readonly RevokedLink[]): void {
  for (const { edge, reason } of revoked.slice(0, TOLD_MAX)) {
    const rule = RULE_OF_REASON[reason] ?? 'R6';
    tellLink(step, 'LinkRevoked', edge, { rule, details: { reason } });
  }
}

/** Tells refused links, each once per reason; one that was taken away in the same step has been told. */
export function tellRefused(step: Step, refusals: readonly Refusal[], revoked: readonly RevokedLink[]): void {
  const taken = new Set(revoked.map(({ edge }) => pairKey(edge.centre, edge.other)));
  for (const { edge, obstacle } of refusals) {
    const { reason, ...why } = obstacle;
    if (!rememberRefusal(step, edge.centre, edge.other, reason)) continue;
    if (taken.has(pairKey(edge.centre, edge.other))) continue;
    const rule = RULE_OF_REASON[reason] ?? 'R6';
    tellLink(step, 'LinkRejected', edge, { rule, details: { reason, ...why } });
  }
}

/** An observation named quarantined identifiers beside others: those links are refused. */
export function tellQuarantined(step: Step, mentions: readonly EnvelopeRef[]): void {
  const quarantined = mentions.filter(({ ref }) => isQuarantined(step.ref(ref) as RefRow));
  tellKeptOut(step, mentions, quarantined, 'QUARANTINED');
}

/** An observation named blocked identifiers beside others: those links are refused. Their profiles must be loaded. */
export function tellBlocked(step: Step, mentions: readonly EnvelopeRef[]): void {
  const blocked = mentions.filter(({ ref }) => step.rules.blocked.has(ref));
  tellKeptOut(step, mentions, blocked, 'BLOCKED');
}

function tellKeptOut(
  step: Step,
  mentions: readonly EnvelopeRef[],
  out: readonly EnvelopeRef[],
  reason: 'QUARANTINED' | 'BLOCKED',
): void {
  const centre = mentions.find((one) => !out.includes(one)) ?? mentions[0];
  if (centre === undefined) return;
  const rule = RULE_OF_REASON[reason] as string;
  for (const { ref, strength } of out) {
    if (ref === centre.ref || !rememberRefusal(step, ref, centre.ref, reason)) continue;
    tellLink(
      step,
      'LinkRejected',
      { centre: centre.ref, other: ref, strength },
      { rule, details: { reason } },
    );
  }
}

function tellLink(
  step: Step,
  kind: 'LinkRejected' | 'LinkRevoked',
  { centre, other, strength }: RevokedLink['edge'],
  { rule, details }: { rule: string; details: object },
): void {
  const [to, identifier] = [step.ref(centre) as RefRow, step.ref(other) as RefRow];
  step.tell(kind, to.profileId ?? NIL_PROFILE, {
    rule,
    ...(identifier.profileId === undefined ? {} : { other: identifier.profileId }),
    details: {
      identifier: identifierOf([identifier.ns, other]),
      to: identifierOf([to.ns, centre]),
      strength,
      ...details,
    },
  });
}

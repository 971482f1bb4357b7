import { need } from './need.ts';
import { NIL_PROFILE, type ProfileId, type Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { EVIDENCE, REFS, type EvidenceRow } from './identity-rows.ts';
import type { IdentityStep, Observation } from './identity.types.ts';
import {
  contradictionIn,
  evidenceKey,
  gradedMention,
  isUnattributed,
  linkingOf,
  mentionsOf,
  recordOf,
} from './mentions.ts';
import { isKnown, noteEvidence, type Noted } from './note-evidence.ts';
import { regroup } from './regroup.ts';
import type { Component } from './resolve.ts';
import { reresolve, standing } from './reresolve.ts';
import type { Step } from './step.ts';
import { tellBlocked, tellQuarantined } from './tell-links.ts';
import { uniteClean } from './unite-clean.ts';

/** Folds one observation: notes what it says, then unites what is clean or resolves what is not. */
export async function foldObservation(step: Step, observation: Observation): Promise<IdentityStep> {
  const { refs } = observation;
  if (isUnattributed(refs)) {
    tellContradiction(step, refs);
    await settle(step, await noteEvidence(step, observation, []), []);
    return step.result(NIL_PROFILE);
  }
  const all = mentionsOf(refs, step.rules);
  const known = await holderIfKnown(step, observation, all);
  if (known !== undefined) return step.result(known);
  await need(
    step.work,
    REFS,
    all.map(({ ref }) => ref),
  );
  const isErased = ({ ref }: EnvelopeRef) => step.ref(ref)?.erased === true;
  const mentions = all.some(isErased) ? all.filter((one) => !isErased(one)) : all;
  for (const { ns, ref } of mentions) if (!step.ref(ref)?.ns) step.setRef(ref, { ...step.ref(ref), ns });
  const linking = linkingOf(mentions, step.rules);
  if (contradictionIn(linking, step.rules).length > 0) {
    tellContradiction(step, linking);
    await settle(step, await noteEvidence(step, observation, []), mentions);
  } else {
    await settle(step, await noteEvidence(step, observation, linking), mentions);
  }
  if (linking !== mentions) await tellBlocked(step, mentions);
  const [anchor] = all;
  const profileId =
    anchor === undefined || step.ref(anchor.ref)?.erased ? undefined : step.ref(anchor.ref)?.profileId;
  return step.result(profileId ?? NIL_PROFILE);
}

/** Profile of an observation that tells nothing new; `undefined` if it may tell something. */
async function holderIfKnown(
  { work, rules }: Step,
  observation: Observation,
  mentions: readonly EnvelopeRef[],
): Promise<ProfileId | undefined> {
  const [anchor] = mentions;
  if (anchor === undefined || recordOf(observation) !== undefined) return undefined;
  if (linkingOf(mentions, rules) !== mentions) return undefined;
  if (mentions.length > 1) {
    const key = evidenceKey(mentions.map(gradedMention), undefined);
    await need(work, EVIDENCE, [key]);
    if (!isKnown(work.get(EVIDENCE, key), observation)) return undefined;
  }
  await need(work, REFS, [anchor.ref]);
  const row = work.get(REFS, anchor.ref);
  return row?.erased === true ? undefined : row?.profileId;
}

function tellContradiction(step: Step, refs: readonly EnvelopeRef[]): void {
  const identifiers = contradictionIn(refs, step.rules).map(({ ns, ref }) => ({ ns, ref }));
  if (identifiers.length === 0) return;
  step.tell('LinkRejected', NIL_PROFILE, { rule: 'R3', details: { reason: 'CONTRADICTION', identifiers } });
}

/** Makes the profiles follow what was noted. */
async function settle(step: Step, noted: Noted, mentions: readonly EnvelopeRef[]): Promise<void> {
  const { changed, superseded, quarantined } = noted;
  const newcomers = mentions.filter(({ ref }) => step.ref(ref)?.profileId === undefined);
  if (changed === undefined && superseded === undefined && newcomers.length === 0 && quarantined.size === 0)
    return;
  const clean =
    superseded === undefined && quarantined.size === 0
      ? await cleanUnion(step, noted, mentions, newcomers)
      : undefined;
  if (clean !== undefined) {
    const [centre, ...others] = clean.star;
    const links = centre === undefined ? [] : others.map((other) => linkOf(centre, other));
    const tale = { mentions, links, splitReason: () => 'DISPLACED', forced: false };
    const profiles = clean.star.flatMap(({ ref }) => step.ref(ref)?.profileId ?? []);
    if (clean.components.length > 0) await regroup(step, clean.components, profiles, tale);
  } else {
    const evidenceBefore = new Map<string, EvidenceRow | undefined>();
    if (superseded !== undefined) evidenceBefore.set(superseded.key, superseded.row);
    if (changed !== undefined) evidenceBefore.set(changed.key, changed.before);
    const seeds = [...mentions.map(({ ref }) => ref), ...(superseded?.row.m ?? []).map(([ref]) => ref)];
    await need(step.work, REFS, seeds);
    const [reason, flipped] = [superseded === undefined ? 'DISPLACED' : 'SUPERSEDED', quarantined];
    await reresolve(step, { seeds: [...new Set<Ref>(seeds)], evidenceBefore, flipped, mentions, reason });
  }
  if (changed !== undefined && changed.before === undefined)
    tellQuarantined(step, linkingOf(mentions, step.rules));
}

/** What follows where nothing is contested: components, and the star that united one; `undefined` if something is. */
async function cleanUnion(
  step: Step,
  { changed, onlyEarlier }: Noted,
  mentions: readonly EnvelopeRef[],
  newcomers: readonly EnvelopeRef[],
): Promise<{ readonly star: readonly EnvelopeRef[]; readonly components: readonly Component[] } | undefined> {
  if (newcomers.some(({ ref }) => step.ref(ref)?.operated === true)) return undefined;
  const living = changed === undefined ? [] : standing(step, mentions);
  const star = living.length < 2 ? [] : living;
  const united = star.length === 0 ? undefined : await uniteClean(step, star);
  if (star.length > 0 && united === undefined) return undefined;
  const inside = new Set(united?.members);
  const alone = newcomers.filter(({ ref }) => !inside.has(ref)).map((one) => singleton(step, one));
  // Who is new where nothing new was said is blocked.
  if (onlyEarlier) return { star: [], components: alone };
  return { star, components: united === undefined ? alone : [united, ...alone] };
}

function singleton({ rules }: Step, { ns, ref }: EnvelopeRef): Component {
  return { members: [ref], clusters: rules.namespace(ns).class === 'device' ? 0 : 1, contested: false };
}

function linkOf(centre: EnvelopeRef, other: EnvelopeRef) {
  return { centre: centre.ref, other: other.ref, strength: Math.min(centre.strength, other.strength) };
}

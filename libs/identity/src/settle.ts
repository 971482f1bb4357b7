import type { Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { REFS, type EvidenceRow } from './identity-rows.ts';
import { need } from './need.ts';
import type { Noted } from './note-evidence.ts';
import type { Reading } from './reading.ts';
import { regroup } from './regroup.ts';
import { reresolve, standing } from './reresolve.ts';
import type { Component } from './resolve.ts';
import type { Step } from './step.ts';
import { tellQuarantined } from './tell-links.ts';
import { uniteClean } from './unite-clean.ts';

/** Makes the profiles follow what was noted. There is nothing to wait for where one profile grows or is born. */
export function settle(step: Step, noted: Noted, { mentions, linking }: Reading): Promise<void> | undefined {
  const { changed, superseded, quarantined } = noted;
  const newcomers = mentions.filter(({ ref }) => step.ref(ref)?.profileId === undefined);
  if (changed === undefined && superseded === undefined && newcomers.length === 0 && quarantined.size === 0)
    return undefined;
  const clean =
    superseded === undefined && quarantined.size === 0
      ? cleanUnion(step, noted, mentions, newcomers)
      : undefined;
  const settled = clean === undefined ? resolveAnew(step, noted, mentions) : follow(step, clean, mentions);
  const finish = (): void => {
    if (changed !== undefined && changed.before === undefined) tellQuarantined(step, linking);
  };
  return settled === undefined ? void finish() : settled.then(finish);
}

interface Clean {
  /** Mentions that hold together, best first. */
  readonly star: readonly EnvelopeRef[];
  readonly components: readonly Component[];
}

function follow(step: Step, { star, components }: Clean, mentions: readonly EnvelopeRef[]) {
  if (components.length === 0) return undefined;
  const [centre, ...others] = star;
  const links = centre === undefined ? [] : others.map((other) => linkOf(centre, other));
  const tale = { mentions, links, splitReason: () => 'DISPLACED', forced: false };
  const profiles = star.flatMap(({ ref }) => step.ref(ref)?.profileId ?? []);
  return regroup(step, components, profiles, tale);
}

async function resolveAnew(
  step: Step,
  { changed, superseded, quarantined }: Noted,
  mentions: readonly EnvelopeRef[],
): Promise<void> {
  const evidenceBefore = new Map<string, EvidenceRow | undefined>();
  if (superseded !== undefined) evidenceBefore.set(superseded.key, superseded.row);
  if (changed !== undefined) evidenceBefore.set(changed.key, changed.before);
  const seeds = [...mentions.map(({ ref }) => ref), ...(superseded?.row.m ?? []).map(([ref]) => ref)];
  await need(step.work, REFS, seeds);
  const reason = superseded === undefined ? 'DISPLACED' : 'SUPERSEDED';
  const upset = { seeds: [...new Set<Ref>(seeds)], evidenceBefore, flipped: quarantined, mentions, reason };
  await reresolve(step, upset);
}

/** What follows where nothing is contested: components, and the star that united one; `undefined` if something is. */
function cleanUnion(
  step: Step,
  { changed, onlyEarlier }: Noted,
  mentions: readonly EnvelopeRef[],
  newcomers: readonly EnvelopeRef[],
): Clean | undefined {
  if (newcomers.some(({ ref }) => step.ref(ref)?.operated === true)) return undefined;
  const living = changed === undefined ? [] : standing(step, mentions);
  const star = living.length < 2 ? [] : living;
  const united = star.length === 0 ? undefined : uniteClean(step, star);
  if (star.length > 0 && united === undefined) return undefined;
  const alone = newcomers
    .filter(({ ref }) => united === undefined || !united.members.includes(ref))
    .map((one) => singleton(step, one));
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

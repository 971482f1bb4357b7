import type { ProfileId, Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { foldCommand, foldErasure } from './fold-command.ts';
import { foldObservation } from './fold-observation.ts';
import {
  EVIDENCE,
  isAlias,
  LINKS,
  membershipOf,
  PROFILES,
  RECORDS,
  REFS,
  type ProfileRow,
} from './identity-rows.ts';
import type { Matcher, Membership, Observation } from './identity.types.ts';
import { nextPage } from './links.ts';
import { evidenceKey, gradedMention, mentionsOf } from './mentions.ts';
import { DEFAULT_RULES, type IdentityRules } from './rules.ts';
import { Step } from './step.ts';

/**
 * The rule engine (R0–R9): the partition is a function of evidence, commands and rules, so the order in which the
 * same facts arrive does not matter. What is clean is united at once; what is contested is resolved anew in its
 * raw component, in canonical order.
 */
export function createMatcher(rules: IdentityRules = DEFAULT_RULES): Matcher {
  return {
    load: (work, observations) => load(work, observations, rules),
    observe: (work, observation) => foldObservation(new Step(work, observation, rules), observation),
    command: (work, command) => foldCommand(new Step(work, command, rules), command),
    erase: (work, erasure) => foldErasure(new Step(work, erasure, rules), erasure),
    membership,
    loadHolders: (work, refs) => work.load(REFS, refs),
    holderOf: (work, ref) => work.get(REFS, ref)?.profileId,
  };
}

/** Two rounds of reads a block: what observations name, and what that leads to. */
async function load(
  work: UnitOfWork,
  observations: readonly Observation[],
  rules: IdentityRules,
): Promise<void> {
  const refs = new Set<Ref>();
  const records = new Set<string>();
  const evidence = new Map<string, readonly Ref[]>();
  for (const { refs: named, source, recordRef } of observations) {
    const mentions = mentionsOf(named, rules);
    for (const { ref } of mentions) refs.add(ref);
    const record = recordRef === undefined ? undefined : `${source}/${recordRef}`;
    if (record !== undefined) records.add(record);
    if (mentions.length < 2) continue;
    evidence.set(
      evidenceKey(mentions.map(gradedMention), record),
      mentions.map(({ ref }) => ref),
    );
  }
  await Promise.all([
    work.load(REFS, refs),
    work.load(RECORDS, records),
    work.load(EVIDENCE, evidence.keys()),
  ]);
  const holders = new Set<ProfileId>();
  for (const ref of refs) {
    const holder = work.get(REFS, ref)?.profileId;
    if (holder !== undefined) holders.add(holder);
  }
  const pages = new Set<string>();
  for (const [key, named] of evidence) {
    if (work.get(EVIDENCE, key) !== undefined) continue;
    for (const ref of named) {
      const page = nextPage(ref, work.get(REFS, ref));
      if (page !== undefined) pages.add(page);
    }
  }
  await Promise.all([work.load(PROFILES, holders), work.load(LINKS, pages)]);
}

function membership(work: UnitOfWork, profileId: ProfileId): Membership | undefined {
  const row = work.get(PROFILES, profileId);
  if (row === undefined) return undefined;
  if (!isAlias(row)) return membershipOf(profileId, row);
  return membershipOf(row.alias, work.get(PROFILES, row.alias) as ProfileRow);
}

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
import { evidenceKey, gradedMention, linkingOf, mentionsOf, recordOf } from './mentions.ts';
import { isKnown } from './note-evidence.ts';
import { DEFAULT_RULES, type RuleBook } from './rules.ts';
import { Step, type Cause } from './step.ts';

/**
 * The rule engine (R0–R9): the partition is a function of evidence, commands and rules, so the order in which the
 * same facts arrive does not matter. What is clean is united at once; what is contested is resolved anew in its
 * raw component, in canonical order.
 */
export function createMatcher(rulesOf: RuleBook = () => DEFAULT_RULES): Matcher {
  const begin = (work: UnitOfWork, cause: Cause) => new Step(work, cause, rulesOf(cause.workspace));
  return {
    load: (work, observations) => load(work, observations, rulesOf),
    observe: (work, observation) => foldObservation(begin(work, observation), observation),
    command: (work, command) => foldCommand(begin(work, command), command),
    erase: (work, erasure) => foldErasure(begin(work, erasure), erasure),
    membership,
    loadHolders: (work, refs) => work.load(REFS, refs),
    loadMemberships: (work, profiles) => loadMemberships(work, profiles),
    traitPolicies: (workspace) => rulesOf(workspace).traits,
    holderOf: (work, ref) => work.get(REFS, ref)?.profileId,
  };
}

/**
 * Three rounds of reads a block: what tells whether an observation is news, what news name, and what that leads to.
 */
async function load(
  work: UnitOfWork,
  observations: readonly Observation[],
  rulesOf: RuleBook,
): Promise<void> {
  const [refs, records, keys] = [new Set<Ref>(), new Set<string>(), new Set<string>()];
  const said: { readonly key: string; readonly refs: readonly Ref[]; readonly observation: Observation }[] =
    [];
  for (const observation of observations) {
    const rules = rulesOf(observation.workspace);
    const mentions = mentionsOf(observation.refs, rules);
    const [anchor] = mentions;
    if (anchor !== undefined) refs.add(anchor.ref);
    const record = recordOf(observation);
    if (record !== undefined) records.add(record);
    if (mentions.length < 2) continue;
    const key = evidenceKey(linkingOf(mentions, rules).map(gradedMention), record);
    keys.add(key);
    said.push({ key, refs: mentions.map(({ ref }) => ref), observation });
  }
  await Promise.all([work.load(REFS, refs), work.load(RECORDS, records), work.load(EVIDENCE, keys)]);
  const news = said.filter(({ key, observation }) => !isKnown(work.get(EVIDENCE, key), observation));
  await work.load(
    REFS,
    news.flatMap((one) => one.refs),
  );
  const holders = new Set<ProfileId>();
  const pages = new Set<string>();
  for (const { key, refs: named } of news) {
    for (const ref of named) {
      const row = work.get(REFS, ref);
      if (row?.profileId !== undefined) holders.add(row.profileId);
      const page = work.get(EVIDENCE, key) === undefined ? nextPage(ref, row) : undefined;
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

async function loadMemberships(work: UnitOfWork, profiles: Iterable<ProfileId>): Promise<void> {
  const ids = [...profiles];
  await work.load(PROFILES, ids);
  await work.load(
    PROFILES,
    ids.flatMap((id) => {
      const row = work.get(PROFILES, id);
      return row !== undefined && isAlias(row) ? row.alias : [];
    }),
  );
}

import { NIL_PROFILE, type ProfileId, type Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { EnvelopeRef } from '#touchpoint';
import { obstacleTo, type Obstacle } from './feasibility.ts';
import { isAlias, membershipOf, memberOf, PROFILES, REFS } from './identity-rows.ts';
import type { IdentityStep, Matcher, Membership, Observation } from './identity.types.ts';
import { contradictionIn, isWeakLink, starOf, type Star } from './observed-refs.ts';
import { adopt, create, join, merge, refuse } from './profile-changes.ts';
import { Step } from './step.ts';

/**
 * The matcher that decides on arrival: each observation's anchor draws in what limits and the weak-link rule
 * allow, and nothing is ever taken apart. The same log gives the same decisions; another order of the same facts
 * may give another partition.
 */
export function createMatcher(): Matcher {
  return { load, observe, membership, loadHolders, holderOf };
}

/**
 * Two reads a block are enough: a merge only unites profiles that hold an identifier of the block, and what is
 * born in the block needs no reading.
 */
async function load(work: UnitOfWork, observations: readonly Observation[]): Promise<void> {
  const refs = new Set(observations.flatMap((observation) => observation.refs.map(({ ref }) => ref)));
  await work.load(REFS, refs);
  const holders = new Set<ProfileId>();
  for (const ref of refs) {
    const row = work.get(REFS, ref);
    if (row !== undefined) holders.add(row.profileId);
  }
  await work.load(PROFILES, holders);
}

function observe(work: UnitOfWork, observation: Observation): IdentityStep {
  const step = new Step(work, observation);
  const star = starOf(observation.refs);
  return star === undefined ? observeNobody(step) : observePerson(step, star);
}

function observeNobody(step: Step): IdentityStep {
  const identifiers = contradictionIn(step.observation.refs).map(({ ns, ref }) => ({ ns, ref }));
  if (identifiers.length > 0) {
    step.tell('LinkRejected', NIL_PROFILE, { rule: 'R3', details: { reason: 'CONTRADICTION', identifiers } });
  }
  return step.result(NIL_PROFILE);
}

/**
 * Newcomers wait until it is clear whether a profile that one of the others already has can take them in: a
 * visitor who logs in keeps the profile of the visit, instead of losing it to one born in the same moment (R9).
 */
function observePerson(step: Step, { anchor, others }: Star): IdentityStep {
  let home = step.holderOf(anchor.ref);
  const newcomers: EnvelopeRef[] = home === undefined ? [anchor] : [];
  const refusals: { ref: EnvelopeRef; obstacle: Obstacle }[] = [];

  for (const ref of others) {
    const holder = step.holderOf(ref.ref);
    if (holder !== undefined && holder === home) continue;
    const ours = home === undefined ? newcomers.map(memberOf) : step.profile(home).members;
    const theirs = holder === undefined ? [memberOf(ref)] : step.profile(holder).members;
    const obstacle = obstacleTo(ours, theirs, isWeakLink(anchor, ref));
    if (obstacle !== undefined) refusals.push({ ref, obstacle });
    else if (holder === undefined) {
      if (home === undefined) newcomers.push(ref);
      else join(step, home, anchor, ref);
    } else if (home === undefined) home = adopt(step, holder, newcomers, ref);
    else home = merge(step, home, holder, anchor, ref);
  }

  home ??= create(step, newcomers);
  for (const { ref, obstacle } of refusals) refuse(step, home, anchor, ref, obstacle);
  return step.result(home);
}

function membership(work: UnitOfWork, profileId: ProfileId): Membership | undefined {
  const row = work.get(PROFILES, profileId);
  if (row === undefined) return undefined;
  if (!isAlias(row)) return membershipOf(profileId, row);
  return membership(work, row.alias);
}

function loadHolders(work: UnitOfWork, refs: Iterable<Ref>): Promise<void> {
  return work.load(REFS, refs);
}

function holderOf(work: UnitOfWork, ref: Ref): ProfileId | undefined {
  return work.get(REFS, ref)?.profileId;
}

import type { ProfileId } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { foldCommand, foldErasure } from './fold-command.ts';
import { foldObservation } from './fold-observation.ts';
import { isAlias, membershipOf, PROFILES, REFS, type ProfileRow } from './identity-rows.ts';
import type { Matcher, Membership, Observation } from './identity.types.ts';
import { loadReadings, readingOf, type Reading } from './reading.ts';
import { DEFAULT_RULES, type RuleBook } from './rules.ts';
import { Step, type Cause } from './step.ts';

/**
 * The rule engine (R0–R9): the partition is a function of evidence, commands and rules, so the order in which the
 * same facts arrive does not matter. What is clean is united at once; what is contested is resolved anew in its
 * raw component, in canonical order.
 */
export function createMatcher(rulesOf: RuleBook = () => DEFAULT_RULES): Matcher {
  const begin = (work: UnitOfWork, cause: Cause) => new Step(work, cause, rulesOf(cause.workspace));
  const readings = new WeakMap<Observation, Reading>();
  // Read for the load, folded later: under the same rules it says the same.
  const read = (observation: Observation): Reading => {
    const rules = rulesOf(observation.workspace);
    const held = readings.get(observation);
    if (held?.rules === rules) return held;
    const reading = readingOf(observation, rules);
    readings.set(observation, reading);
    return reading;
  };
  return {
    load: (work, observations) => loadReadings(work, observations.map(read)),
    observe: (work, observation) => foldObservation(work, read(observation)),
    command: (work, command) => foldCommand(begin(work, command), command),
    erase: (work, erasure) => foldErasure(begin(work, erasure), erasure),
    membership,
    loadHolders: (work, refs) => work.load(REFS, refs),
    loadMemberships: (work, profiles) => loadMemberships(work, profiles),
    traitPolicies: (workspace) => rulesOf(workspace).traits,
    holderOf: (work, ref) => work.get(REFS, ref)?.profileId,
  };
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

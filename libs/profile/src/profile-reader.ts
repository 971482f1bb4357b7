import type { Membership } from '#identity';
import { UnitOfWork, type StateStore } from '#state-store';
import { joinProfile, type Profile } from './join-profile.ts';
import type { TraitPolicies } from '#identity';
import { loadProfiles, profileParts } from './load-profiles.ts';

/** Committed profiles, for those who ask from outside the fold. */
export interface ProfileReader {
  /** The profile that these members make up now. */
  read(membership: Membership): Promise<Profile>;
}

/** Reads profiles from a state store that a runner may be writing at the same time. */
export function profileReader(store: StateStore, policies: TraitPolicies = {}): ProfileReader {
  return {
    async read(membership) {
      // One that lives for this call only: a kept one would not see what the runner commits.
      const work = new UnitOfWork(store);
      await loadProfiles(
        work,
        membership.members.map(({ ref }) => ref),
      );
      return joinProfile(membership, profileParts(work, membership), policies);
    },
  };
}

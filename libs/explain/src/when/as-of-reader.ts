import type { ProfileId, Ref, Workspace } from '#kernel';
import { identityReader, type TraitPolicies } from '#identity';
import type { Profile } from '#profile';
import type { StateStore } from '#state-store';
import type { Warehouse } from '#warehouse';
import type { Moment } from './moment.ts';
import { PeopleThen } from './people-then.ts';
import { refold, type Held } from './refold.ts';

/** Who somebody was at a moment. */
export type Then<T> =
  | { readonly outcome: 'found'; readonly value: T }
  /** There was no such profile or identifier yet. */
  | {
      readonly outcome: 'not_yet';
      /** From when on there is one, on the clock that was asked for; ms since 1970 UTC. */
      readonly since: number;
    }
  /** There never was one. */
  | { readonly outcome: 'unknown' };

/** Profiles as they were. */
export interface AsOfReader {
  /** Identifiers that the profile with this id held; one absorbed by then answers with its survivor of then. */
  held(workspace: Workspace, id: ProfileId, moment: Moment): Promise<Then<Held>>;
  /** The same of the profile that held an identifier. */
  heldWith(workspace: Workspace, ref: Ref, moment: Moment): Promise<Then<Held>>;
  /** The profile that identifiers made up. */
  profile(held: Held, moment: Moment): Promise<Then<Profile>>;
}

/** Reads history from the tables; values of identifiers, and the people of today, from the state store. */
export function asOfReader(
  state: StateStore,
  warehouse: Warehouse,
  policies: TraitPolicies = {},
): AsOfReader {
  const today = identityReader(state);
  const heldNow = async (workspace: Workspace, id: ProfileId): Promise<Then<Held>> => {
    const membership = await today.membership(id);
    if (membership?.workspace !== workspace) return { outcome: 'unknown' };
    const { profileId, members } = membership;
    return { outcome: 'found', value: { workspace, profileId, members } };
  };
  return {
    async held(workspace, id, moment) {
      if (moment.clock === 'event') return heldNow(workspace, id);
      const people = new PeopleThen(warehouse, workspace);
      const profileId = (await people.survivorOf(id, moment.at)) ?? id;
      const members = await people.membersOf(profileId, moment.at);
      if (members.length > 0) return { outcome: 'found', value: { workspace, profileId, members } };
      return missing(await people.since({ id }));
    },
    async heldWith(workspace, ref, moment) {
      if (moment.clock === 'event') {
        const id = await today.profileOf(ref);
        return id === undefined ? { outcome: 'unknown' } : heldNow(workspace, id);
      }
      const people = new PeopleThen(warehouse, workspace);
      const profileId = await people.holderOf(ref, moment.at);
      if (profileId === undefined) return missing(await people.since({ ref }));
      const members = await people.membersOf(profileId, moment.at);
      return { outcome: 'found', value: { workspace, profileId, members } };
    },
    async profile(held, moment) {
      const profile = await refold({ state, warehouse, policies }, held, moment);
      if (moment.clock === 'recorded' || profile.firstSeenAt !== null)
        return { outcome: 'found', value: profile };
      const ever = await refold({ state, warehouse, policies }, held, { ...moment, at: END_OF_TIME });
      return missing(ever.firstSeenAt === null ? undefined : Date.parse(ever.firstSeenAt));
    },
  };
}

/** The last moment that the tables can hold. */
const END_OF_TIME = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

function missing(since: number | undefined): { outcome: 'unknown' } | { outcome: 'not_yet'; since: number } {
  return since === undefined ? { outcome: 'unknown' } : { outcome: 'not_yet', since };
}

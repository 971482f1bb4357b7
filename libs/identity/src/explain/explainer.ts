import type { ProfileId, Ref } from '#kernel';
import type { StateStore } from '#state-store';
import { ExplanationUnavailable } from '../errors.ts';
import { identityReader, livingProfile } from '../identity-reader.ts';
import { DEFAULT_RULES, type IdentityRules } from '../rules.ts';
import type { Case } from './case.ts';
import { explain, relate } from './explain.ts';
import type { Explanation, Relation } from './explanation.types.ts';
import { readCase } from './read-case.ts';

/** Why two identifiers are one person's, or are not, with their profiles: one, or two. */
export interface PairExplanation {
  readonly relation: Relation;
  readonly profiles: readonly Explanation[];
}

/** Explains committed identity, for those who ask from outside the fold. */
export interface Explainer {
  /** Why a profile is what it is; an absorbed id answers with its survivor's. `undefined`: no such profile. */
  profile(id: ProfileId): Promise<Explanation | undefined>;
  /** Why two identifiers are one person's, or are not. `undefined`: one of them belongs to no profile. */
  pair(a: Ref, b: Ref): Promise<PairExplanation | undefined>;
}

/** A profile between two commits of a runner is read anew this many times. */
const ATTEMPTS = 10;

/**
 * Explains from a state store that a runner may be writing at the same time, by the rules that the runner decides by.
 * Both throw `ExplanationUnavailable` where the profile never stood still.
 */
export function explainer(store: StateStore, rules: IdentityRules = DEFAULT_RULES): Explainer {
  return {
    profile: (id) =>
      steadily(async () => {
        const home = await homeOf(store, id);
        if (home === undefined) return { outcome: 'none' };
        const found = await readCase(store, rules, home.members);
        return stands(found, home) ? { outcome: 'read', value: explain(found, home) } : { outcome: 'moved' };
      }),
    pair: (a, b) =>
      steadily(async () => {
        const reader = identityReader(store);
        const ids = [await reader.profileOf(a), await reader.profileOf(b)];
        if (ids.includes(undefined)) return { outcome: 'none' };
        const homes: Home[] = [];
        for (const id of new Set(ids as ProfileId[])) {
          const home = await homeOf(store, id);
          if (home === undefined) return { outcome: 'moved' };
          homes.push(home);
        }
        const found = await readCase(
          store,
          rules,
          homes.flatMap(({ members }) => members),
        );
        if (!homes.every((home) => stands(found, home))) return { outcome: 'moved' };
        const profiles = homes.map((home) => explain(found, home));
        return { outcome: 'read', value: { relation: relate(found, a, b), profiles } };
      }),
  };
}

type Attempt<T> =
  | { readonly outcome: 'read'; readonly value: T }
  | { readonly outcome: 'none' }
  /** A commit fell between two reads. */
  | { readonly outcome: 'moved' };

async function steadily<T>(attempt: () => Promise<Attempt<T>>): Promise<T | undefined> {
  for (let n = 0; n < ATTEMPTS; n++) {
    const result = await attempt();
    if (result.outcome !== 'moved') return result.outcome === 'read' ? result.value : undefined;
  }
  throw new ExplanationUnavailable();
}

interface Home {
  readonly profileId: ProfileId;
  readonly members: readonly Ref[];
  readonly founding: Ref;
}

async function homeOf(store: StateStore, id: ProfileId): Promise<Home | undefined> {
  const living = await livingProfile(store, id);
  if (living === undefined) return undefined;
  const { members, founding } = living.row;
  return { profileId: living.id, members: members.map(([, ref]) => ref), founding: founding[1] };
}

/** True if the rules make of what was read the profile that was read. */
function stands({ resolution }: Case, { members }: Home): boolean {
  const component = resolution.components.find((one) => one.members.includes(members[0] as Ref));
  return (
    component?.members.length === members.length && members.every((ref) => component.members.includes(ref))
  );
}

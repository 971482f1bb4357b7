import { compareText, type ProfileId, type Ref } from '#kernel';
import type { PartitionReader } from './partition-reader.ts';

/** How two partitions of the same identifiers differ. What only has another id is the same profile. */
export interface PartitionDiff {
  readonly profiles: { readonly before: number; readonly after: number };
  /** Profiles of before with the same identifiers after. */
  readonly unchanged: number;
  /** Profiles of before whose identifiers are in several after. */
  readonly split: number;
  /** Profiles of after whose identifiers were in several before. */
  readonly merged: number;
  /** Identifiers that are not in the profile which continues theirs. */
  readonly moved: number;
  /** The changed profiles of before with the most identifiers. */
  readonly largest: readonly ChangedProfile[];
}

/** What becomes of a profile. */
export interface ChangedProfile {
  readonly profileId: ProfileId;
  readonly identifiers: number;
  /** Into how many profiles its identifiers go. */
  readonly parts: number;
  /** The largest of these. */
  readonly into: readonly Part[];
}

/** Identifiers of a profile of before that are together after. */
export interface Part {
  readonly profileId: ProfileId;
  readonly identifiers: number;
  /** All identifiers of that profile, those of other profiles of before too. */
  readonly of: number;
}

/** Changed profiles that a diff tells one by one, and parts of each. */
export const MAX_TOLD = { profiles: 100, parts: 20 } as const;

/** Identifiers compared at a time: a few milliseconds of work. */
const AT_A_TIME = 500;

/** Told after each piece of work with the profiles compared so far; may wait, and throw to end the comparison. */
export type Breathe = (compared: number) => Promise<void>;

type Profile = { readonly profileId: ProfileId; readonly members: readonly Ref[] };
type Counts = Map<ProfileId, number>;

/** Compares two partitions profile by profile, with little of either in memory. Both hold the same identifiers. */
export async function comparePartitions(
  before: PartitionReader,
  after: PartitionReader,
  breathe: Breathe,
): Promise<PartitionDiff> {
  const sum = { before: 0, after: 0, unchanged: 0, split: 0, merged: 0, moved: 0 };
  let largest: ChangedProfile[] = [];
  const compare = async (batch: readonly Profile[]): Promise<void> => {
    const changed = await changedOf(batch, before, after);
    sum.before += batch.length;
    sum.unchanged += batch.length - changed.length;
    sum.after += batch.length - changed.length;
    for (const { profile, parts, sources, heirs } of changed) {
      if (parts.size > 1) sum.split++;
      for (const [id, count] of parts) {
        const from = sources.get(id) as Counts;
        // Each profile of after counts once, at the first of those that it comes from.
        if (leastOf(from) === profile.profileId) {
          sum.after++;
          if (from.size > 1) sum.merged++;
        }
        const claims = new Map([...from].filter(([source]) => heirs.get(source) === id));
        const isKept = claims.has(profile.profileId) && mostOf(claims, id) === profile.profileId;
        if (!isKept) sum.moved += count;
      }
      largest.push(told(profile, parts, sources));
    }
    largest = largest.sort(compareTold).slice(0, MAX_TOLD.profiles);
    await breathe(sum.before);
  };
  let batch: Profile[] = [];
  let identifiers = 0;
  for await (const profile of before.profiles()) {
    batch.push(profile);
    identifiers += profile.members.length;
    if (identifiers < AT_A_TIME) continue;
    await compare(batch);
    batch = [];
    identifiers = 0;
  }
  if (batch.length > 0) await compare(batch);
  const { unchanged, split, merged, moved } = sum;
  return { profiles: { before: sum.before, after: sum.after }, unchanged, split, merged, moved, largest };
}

interface Changed {
  readonly profile: Profile;
  /** Its identifiers by their profile after. */
  readonly parts: Counts;
  /** All identifiers of each of these by their profile before. */
  readonly sources: ReadonlyMap<ProfileId, Counts>;
  /** Where each of these goes on: the profile after with most of its identifiers. */
  readonly heirs: ReadonlyMap<ProfileId, ProfileId>;
}

async function changedOf(
  batch: readonly Profile[],
  before: PartitionReader,
  after: PartitionReader,
): Promise<Changed[]> {
  const holders = await after.holders(batch.flatMap(({ members }) => members));
  let place = 0;
  const parted = batch.map((profile) => {
    const parts = countsOf(holders.slice(place, (place += profile.members.length)));
    return { profile, parts };
  });
  const ids = [...new Set(holders.filter((id) => id !== undefined))];
  const memberships = await after.membersOf(ids);
  const members = new Map(ids.map((id, i) => [id, memberships[i] as readonly Ref[]]));
  const isSame = ({ profile, parts }: (typeof parted)[number]) => {
    const [[id]] = [...parts] as [[ProfileId, number]];
    return parts.size === 1 && members.get(id)?.length === profile.members.length;
  };
  const changed = parted.filter((one) => !isSame(one));
  const sources = new Map<ProfileId, Counts>();
  for (const id of new Set(changed.flatMap(({ parts }) => [...parts.keys()])))
    sources.set(id, countsOf(await before.holders(members.get(id) as readonly Ref[])));
  const partsOf = new Map(parted.map(({ profile, parts }) => [profile.profileId, parts]));
  const known = [...new Set([...sources.values()].flatMap((from) => [...from.keys()]))];
  const others = known.filter((id) => !partsOf.has(id));
  for (const [i, refs] of (await before.membersOf(others)).entries())
    partsOf.set(others[i] as ProfileId, countsOf(await after.holders(refs)));
  const heirs = new Map(known.map((id) => [id, mostOf(partsOf.get(id) as Counts, id)]));
  return changed.map((one) => ({ ...one, sources, heirs }));
}

function countsOf(holders: readonly (ProfileId | undefined)[]): Counts {
  const counts: Counts = new Map();
  for (const id of holders) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** The id with most; of equal ones the own id, then the smaller one. */
function mostOf(counts: Counts, own: ProfileId): ProfileId {
  const [[most]] = [...counts].sort(
    ([a, x], [b, y]) => y - x || Number(b === own) - Number(a === own) || compareText(a, b),
  ) as [[ProfileId, number]];
  return most;
}

function leastOf(counts: Counts): ProfileId {
  return [...counts.keys()].reduce((least, id) => (id < least ? id : least));
}

function told(
  { profileId, members }: Profile,
  parts: Counts,
  sources: ReadonlyMap<ProfileId, Counts>,
): ChangedProfile {
  const sizeOf = (id: ProfileId) =>
    [...(sources.get(id) as Counts).values()].reduce((sum, count) => sum + count, 0);
  const into = [...parts]
    .sort(([a, x], [b, y]) => y - x || compareText(a, b))
    .slice(0, MAX_TOLD.parts)
    .map(([id, identifiers]) => ({ profileId: id, identifiers, of: sizeOf(id) }));
  return { profileId, identifiers: members.length, parts: parts.size, into };
}

function compareTold(a: ChangedProfile, b: ChangedProfile): number {
  return b.identifiers - a.identifiers || compareText(a.profileId, b.profileId);
}

import { clickHouseTime } from '#kernel';
import { displayTraits } from '#profile';
import type { Profile } from '#profile';
import type { IdentifierChange, ProfileChange } from '#projection';

const NEVER = clickHouseTime(0);

/** Values of a `profiles` row; an absorbed profile becomes a deleted row. */
export function profileRow({ workspace, profileId, profile, version }: ProfileChange): unknown[] {
  if (profile === null) {
    return [workspace, profileId, NEVER, NEVER, '', '', [], '{}', '{}', 0, 0, version.toString(), 1];
  }
  const traits = Object.fromEntries(Object.entries(profile.traits).map(([name, { value }]) => [name, value]));
  return [
    workspace,
    profileId,
    timeOf(profile.firstSeenAt),
    timeOf(profile.lastSeenAt),
    profile.email ?? '',
    profile.phone ?? '',
    profile.userIds,
    JSON.stringify(traits),
    JSON.stringify(displaysOf(profile.traits)),
    profile.identifiers.length,
    profile.eventCount,
    version.toString(),
    0,
  ];
}

/** Values of an `identities` row. */
export function identityRow(change: IdentifierChange): unknown[] {
  const { workspace, namespace, ref, profileId, firstSeen, lastSeen, source, version } = change;
  const times = [clickHouseTime(firstSeen), clickHouseTime(lastSeen)];
  return [workspace, namespace, ref, profileId, ...times, source, version.toString()];
}

function displaysOf(traits: Profile['traits']): Record<string, string> {
  const shown = Object.entries(displayTraits(traits)).flatMap(([name, { display }]) =>
    display === null ? [] : [[name, display] as const],
  );
  return Object.fromEntries(shown);
}

function timeOf(iso: string | null): string {
  return iso === null ? NEVER : clickHouseTime(Date.parse(iso));
}

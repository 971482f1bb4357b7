import type { ProfileId, Ref } from '#kernel';
import type { ProfileRow } from './identity-rows.ts';
import type { EnvelopeRef } from '#touchpoint';
import type { Component } from './resolve.ts';
import type { Step } from './step.ts';

/**
 * The fast path's lemma: profiles without a refused link, and a union that is feasible and holds at most one group
 * that names a person, give exactly that union, whatever the event times. `undefined`: it does not apply, and the
 * raw component must be resolved.
 *
 * `star`: mentions that are not quarantined, best first, their rows and those of their profiles loaded.
 */
export function uniteClean(step: Step, star: readonly EnvelopeRef[]): Component | undefined {
  const profiles = new Map<ProfileId, ProfileRow>();
  const newcomers: EnvelopeRef[] = [];
  for (const mention of star) {
    const row = step.ref(mention.ref);
    if (row?.operated === true) return undefined;
    if (row?.profileId === undefined) newcomers.push(mention);
    else profiles.set(row.profileId, step.profile(row.profileId));
  }
  const rows = [...profiles.values()];
  if (rows.some(({ contested }) => contested === true)) return undefined;
  const [only] = rows;
  if (only !== undefined && rows.length === 1 && newcomers.length === 0)
    return { members: only.members.map(([, ref]) => ref), clusters: only.clusters, contested: false };

  const members = [
    ...rows.flatMap((row) => row.members),
    ...newcomers.map(({ ns, ref }) => [ns, ref] as const),
  ];
  if (members.length > step.rules.maxMembers) return undefined;
  const counts = new Map<string, number>();
  for (const [ns] of members) counts.set(ns, (counts.get(ns) ?? 0) + 1);
  let people = 0;
  for (const [ns, count] of counts) {
    const { limit, class: kind } = step.rules.namespace(ns);
    if (count > limit) return undefined;
    if (kind === 'unique') people += count;
  }
  const clusters = clustersOf(step, star, profiles, newcomers);
  if (people > 1 && clusters > 1) return undefined;
  return { members: members.map(([, ref]) => ref), clusters, contested: false };
}

/** Groups of strong identifiers in the union. An upper bound: it may count groups that the star joins as two. */
function clustersOf(
  step: Step,
  star: readonly EnvelopeRef[],
  profiles: ReadonlyMap<ProfileId, ProfileRow>,
  newcomers: readonly EnvelopeRef[],
): number {
  const isStrong = ({ ns }: EnvelopeRef) => step.rules.namespace(ns).class !== 'device';
  const joins = ({ derived }: EnvelopeRef) => derived !== true;
  const [centre] = star;
  // Rules can make a device of a namespace that leads a star: then its links are weak, whatever the others are.
  const joined = new Set<Ref>(
    centre !== undefined && joins(centre) && isStrong(centre)
      ? star.filter((one) => isStrong(one) && joins(one)).map(({ ref }) => ref)
      : [],
  );
  let count = joined.size > 0 ? 1 : 0;
  for (const row of profiles.values()) {
    const isHit = row.members.some(([, ref]) => joined.has(ref));
    count += row.clusters - (isHit ? 1 : 0);
  }
  return count + newcomers.filter((one) => isStrong(one) && !joined.has(one.ref)).length;
}

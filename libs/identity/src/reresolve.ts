import type { ProfileId, Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { isQuarantined, PROFILES, type EvidenceRow, type RefRow } from './identity-rows.ts';
import { linkingOf } from './mentions.ts';
import { operatorEdges } from './operator-edges.ts';
import { loadRawComponent, type RawComponent } from './raw-component.ts';
import { regroup } from './regroup.ts';
import { resolve, type Resolution } from './resolve.ts';
import { edgesOf, pairKey } from './star-edges.ts';
import type { Step } from './step.ts';
import { revokedLinks, tellMarks, tellRefused, tellRevoked } from './tell-links.ts';

/** What changed, and with it what the profiles rested on until now. */
export interface Upset {
  /** Where the change is: identifiers of new, changed and replaced evidence, or of a command. */
  readonly seeds: readonly Ref[];
  /** Evidence that changed, as it was: `undefined` if it did not count. */
  readonly evidenceBefore: ReadonlyMap<string, EvidenceRow | undefined>;
  /** Identifiers that are quarantined from here on, or no longer. */
  readonly flipped: ReadonlySet<Ref>;
  /** What the observation mentions, best first; empty for commands. */
  readonly mentions: readonly EnvelopeRef[];
  /** Why profiles part where no link tells. */
  readonly reason: string;
}

/** The slow path: resolves the raw component anew and makes the profiles follow. */
export async function reresolve(step: Step, upset: Upset): Promise<void> {
  const { work, rules } = step;
  const raw = await loadRawComponent(work, upset.seeds, {
    evidence: new Set(upset.evidenceBefore.keys()),
    refs: upset.flipped,
  });
  const rowOf = (ref: Ref) => step.ref(ref) as RefRow;
  const profiles = new Set(raw.refs.flatMap((ref) => rowOf(ref).profileId ?? []));
  await work.load(PROFILES, profiles);
  const operators = operatorEdges(raw.commands, rowOf);
  const edges = edgesOf(raw.evidence.values(), rowOf, rules);
  const resolution = resolve(raw.refs, edges, operators, rowOf, rules);

  const revoked = revokedLinks(step, {
    parted: partedProfiles(step, resolution),
    edgesBefore: () => edgesBefore(step, raw, upset),
    resolution,
    reason: upset.reason,
  });
  const refused = new Set(resolution.refusals.map(({ edge }) => pairKey(edge.centre, edge.other)));
  const links = edges.filter(({ centre, other }) => !refused.has(pairKey(centre, other)));
  await regroup(step, resolution.components, profiles, {
    mentions: upset.mentions,
    links,
    splitReason: (profile) => revoked.find((link) => link.from === profile)?.reason ?? upset.reason,
    forced: operators.forced.length > 0,
  });
  tellMarks(step, raw.refs, resolution.shared, upset.flipped);
  tellRevoked(step, revoked);
  tellRefused(step, resolution.refusals, revoked);
}

/** Profiles of which not all identifiers stay together. */
function partedProfiles(step: Step, { components }: Resolution): Set<ProfileId> {
  const place = new Map<ProfileId, number>();
  const parted = new Set<ProfileId>();
  for (const [i, { members }] of components.entries()) {
    for (const ref of members) {
      const id = step.refBefore(ref)?.profileId;
      if (id === undefined) continue;
      const before = place.get(id);
      if (before === undefined) place.set(id, i);
      else if (before !== i) parted.add(id);
    }
  }
  return parted;
}

function edgesBefore(step: Step, { evidence }: RawComponent, { evidenceBefore }: Upset) {
  const before = new Map(evidence);
  for (const [key, row] of evidenceBefore) {
    if (row === undefined) before.delete(key);
    else before.set(key, row);
  }
  const rowBefore = (ref: Ref): RefRow => step.refBefore(ref) ?? { ns: step.ref(ref)?.ns ?? '' };
  return edgesOf(before.values(), rowBefore, step.rules);
}

/** Blocked and quarantined mentions keep out of a star. */
export function standing(step: Step, mentions: readonly EnvelopeRef[]): EnvelopeRef[] {
  return linkingOf(mentions, step.rules).filter(({ ref }) => !isQuarantined(step.ref(ref) as RefRow));
}

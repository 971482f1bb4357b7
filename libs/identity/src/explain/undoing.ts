import type { EventId, Ref } from '#kernel';
import { pairKey } from '../star-edges.ts';
import { resolveWithout, type Case } from './case.ts';
import type { HeldLink, Undoing } from './explanation.types.ts';
import { heldLinks } from './held-links.ts';
import { minCut } from './min-cut.ts';

/**
 * What would have to be undone so that the rules part two identifiers of one profile: the fewest sayings between them,
 * decided again without these. Links that were refused until then may join the two anew; they are undone too. What
 * turns out to be needless is left out again.
 */
export function undoingOf(of: Case, a: Ref, b: Ref): Undoing {
  const gone = new Map<string, HeldLink>();
  for (;;) {
    const held = heldWithout(of, gone, a, b);
    if (held === undefined) break;
    const weighed = held.map((link) => ({
      link,
      a: link.from.ref,
      b: link.to.ref,
      weight: Math.max(1, link.sayings.length),
    }));
    for (const { link } of minCut(weighed, a, b)) gone.set(keyOf(link), link);
  }
  for (const key of [...gone.keys()]) {
    const rest = new Map(gone);
    rest.delete(key);
    if (heldWithout(of, rest, a, b) === undefined) gone.delete(key);
  }
  const links = [...gone.values()];
  const orders = new Set(links.flatMap(({ order }) => order ?? []));
  return { links: links.filter(({ order }) => order === undefined), orders: [...orders] };
}

/** Links of the profile that still holds both; `undefined` if they are apart. */
function heldWithout(
  of: Case,
  gone: ReadonlyMap<string, HeldLink>,
  a: Ref,
  b: Ref,
): readonly HeldLink[] | undefined {
  const undone = new Set<EventId>([...gone.values()].flatMap(({ order }) => order ?? []));
  const rest = resolveWithout(
    of,
    ({ centre, other }) => gone.has(pairKey(centre, other)),
    ({ command }) => undone.has(command.eventId),
  );
  const home = rest.resolution.components.find(({ members }) => members.includes(a));
  if (home === undefined || !home.members.includes(b)) return undefined;
  const commands = of.commands.filter(({ command }) => !undone.has(command.eventId));
  return heldLinks({ ...of, ...rest, commands }, new Set(home.members));
}

/** Orders are undone as a whole, so all their links are one. */
function keyOf({ from, to, order }: HeldLink): string {
  return order ?? pairKey(from.ref, to.ref);
}

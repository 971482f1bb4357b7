import type { ProfileId, Ref } from '#kernel';
import { namedIn } from '../fold-command.ts';
import { isQuarantined, type CommandRow } from '../identity-rows.ts';
import type { Case } from './case.ts';
import type { ExplainedOrder, Explanation, HeldLink, RefusedLink, Relation } from './explanation.types.ts';
import { heldLinks, namedRef } from './held-links.ts';
import { shortestPath } from './min-cut.ts';
import { refusedLinks } from './refused-links.ts';
import { undoingOf } from './undoing.ts';

/** A profile whose members are to be explained. */
export interface Explained {
  readonly profileId: ProfileId;
  readonly members: readonly Ref[];
  readonly founding: Ref;
}

/** Why the identifiers of a profile are one person's, and what else was said of them. */
export function explain(of: Case, { profileId, members, founding }: Explained): Explanation {
  const inside = new Set(members);
  return {
    profileId,
    identifiers: members.map((ref) => ({
      ...namedRef(of, ref),
      quarantined: isQuarantined(of.rowOf(ref)),
      shared: of.rowOf(ref).shared === true,
      founding: ref === founding,
    })),
    links: heldLinks(of, inside),
    refused: refusedLinks(of, inside),
    orders: of.commands
      .flatMap((row) => explainedOrder(of, row))
      .filter(({ refs }) => refs.some(({ ref }) => inside.has(ref)))
      .sort((x, y) => (BigInt(x.position) < BigInt(y.position) ? -1 : 1)),
  };
}

/** Why two identifiers of a case are one person's, or are not. */
export function relate(of: Case, a: Ref, b: Ref): Relation {
  const { components } = of.resolution;
  const homes = [a, b].map(
    (ref) => components.find(({ members }) => members.includes(ref))?.members ?? [ref],
  );
  const [left, right] = homes.map((members) => new Set(members)) as [Set<Ref>, Set<Ref>];
  if (left.has(b)) {
    const links = heldLinks(of, left).map((link) => ({ link, a: link.from.ref, b: link.to.ref }));
    const path = a === b ? [] : (shortestPath<Ref, PathStep>(links, a, b) ?? []);
    const undoing = a === b ? { links: [], orders: [] } : undoingOf(of, a, b);
    return { outcome: 'together', path: path.map(({ link }) => link), undoing };
  }
  const refused = refusedLinks(of, left).filter(({ to }) => right.has(to.ref));
  return refused.length === 0
    ? { outcome: 'strangers' }
    : { outcome: 'refused', refused: nearestFirst(refused, a, b) };
}

interface PathStep {
  readonly link: HeldLink;
  readonly a: Ref;
  readonly b: Ref;
}

/** What was said of the very two before what was said of others of their profiles. */
function nearestFirst(refused: readonly RefusedLink[], a: Ref, b: Ref): RefusedLink[] {
  const distance = ({ from, to }: RefusedLink) => Number(from.ref !== a) + Number(to.ref !== b);
  return refused.toSorted((x, y) => distance(x) - distance(y));
}

function explainedOrder(of: Case, { command, position, undone }: CommandRow): ExplainedOrder[] {
  if (command.kind === 'undo') return [];
  const { eventId, kind, actor, reason } = command;
  return [
    {
      commandId: eventId,
      kind,
      refs: namedIn(command).map((ref) => namedRef(of, ref)),
      actor,
      reason,
      position,
      undone: undone === true,
    },
  ];
}

import type { Ref } from '#kernel';
import type { ToldIdentifier, ToldLink, ToldProfile, ToldRefusal } from '../told.types.ts';

/** A place of the picture: an identifier, and what led to it. */
export interface Branch {
  readonly identifier: ToldIdentifier;
  readonly by?: ToldLink;
  /** The identifier belongs to somebody else: the link to it was refused. */
  readonly refused?: ToldRefusal;
  readonly branches: readonly Branch[];
}

/** A profile as a tree, and what was left out of it. */
export interface ProfileTree {
  readonly root: Branch;
  readonly hidden: { readonly identifiers: number; readonly refused: number };
}

/** Places beyond which a picture shows nothing any more. */
const IDENTIFIERS_MAX = 40;
const REFUSED_MAX = 20;

/**
 * Hangs a profile's identifiers on one of them by the links that joined them, nearest first; refused links end in leaves
 * of their own. Of large profiles the nearest identifiers are shown.
 */
export function treeOf({ identifiers, links, refused }: ToldProfile, rootAt?: Ref): ProfileTree {
  const root = identifiers.find(({ anchor, founding }) =>
    rootAt === undefined ? founding : anchor === rootAt,
  ) as ToldIdentifier;
  const around = new Map<Ref, ToldLink[]>();
  for (const link of links.filter(({ joins }) => joins)) {
    for (const { anchor } of [link.from, link.to]) around.set(anchor, [...(around.get(anchor) ?? []), link]);
  }
  const reached = new Map<Ref, { identifier: ToldIdentifier; by?: ToldLink; below: Ref[] }>([
    [root.anchor, { identifier: root, below: [] }],
  ]);
  for (const [anchor, place] of reached) {
    for (const link of around.get(anchor) ?? []) {
      const next = link.from.anchor === anchor ? link.to : link.from;
      if (reached.has(next.anchor) || reached.size >= IDENTIFIERS_MAX) continue;
      reached.set(next.anchor, { identifier: next, by: link, below: [] });
      place.below.push(next.anchor);
    }
  }
  const drawn = refused.filter(({ from }) => reached.has(from.anchor)).slice(0, REFUSED_MAX);
  const grow = (anchor: Ref): Branch => {
    const { identifier, by, below } = reached.get(anchor) as {
      identifier: ToldIdentifier;
      by?: ToldLink;
      below: Ref[];
    };
    const kept = drawn
      .filter(({ from }) => from.anchor === anchor)
      .map((one): Branch => ({ identifier: one.to, refused: one, branches: [] }));
    return { identifier, ...(by === undefined ? {} : { by }), branches: [...below.map(grow), ...kept] };
  };
  return {
    root: grow(root.anchor),
    hidden: {
      identifiers: Math.max(0, identifiers.length - reached.size),
      refused: refused.length - drawn.length,
    },
  };
}

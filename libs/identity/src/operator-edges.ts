import type { Ref } from '#kernel';
import type { CommandRow } from './identity-rows.ts';
import type { RowOf } from './star-edges.ts';

/** Pairs that an operator joined or keeps apart. */
export interface OperatorEdges {
  readonly forced: readonly (readonly [Ref, Ref])[];
  readonly forbidden: readonly (readonly [Ref, Ref])[];
}

/**
 * R8: the later command wins. A forced merge loses what a later release, an erasure or a later prohibition takes
 * from it; a prohibition loses to later merges.
 */
export function operatorEdges(rows: readonly CommandRow[], rowOf: RowOf): OperatorEdges {
  const forced: [Ref, Ref][] = [];
  const forbidden: [Ref, Ref][] = [];
  const leader = new Map<Ref, Ref>();
  const find = (ref: Ref): Ref => {
    let at = ref;
    for (let next = leader.get(at); next !== undefined; next = leader.get(at)) at = next;
    return at;
  };
  const latestFirst = rows
    .filter(({ undone }) => undone !== true)
    .sort((a, b) => Number(BigInt(b.position) - BigInt(a.position)));
  for (const { command, position } of latestFirst) {
    if (command.kind === 'forbid' && find(command.a) !== find(command.b))
      forbidden.push([command.a, command.b]);
    if (command.kind !== 'force_merge') continue;
    const stands = (ref: Ref) => BigInt(rowOf(ref).released ?? 0) <= BigInt(position);
    const [first, ...others] = command.refs as readonly [Ref, ...Ref[]];
    for (const other of others) {
      if (!stands(first) || !stands(other) || rowOf(first).erased !== rowOf(other).erased) continue;
      const [left, right] = [find(first), find(other)];
      const apart = forbidden.some(([a, b]) => {
        const [x, y] = [find(a), find(b)];
        return (x === left && y === right) || (x === right && y === left);
      });
      if (apart) continue;
      if (left !== right) leader.set(right, left);
      forced.push([first, other]);
    }
  }
  return { forced, forbidden };
}

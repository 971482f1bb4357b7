import type { EventId, Position, Ref } from '#kernel';
import type { Command } from '../../identity.types.ts';
import type { Entry } from './entries.ts';
import { Groups } from './groups.ts';

/** What commands and erasures say at the end of the log. */
export interface OperatorEdges {
  readonly forced: readonly (readonly [Ref, Ref])[];
  readonly forbidden: readonly (readonly [Ref, Ref])[];
  /** Position of the last release of an identifier. */
  readonly released: ReadonlyMap<Ref, Position>;
  readonly lifted: ReadonlySet<Ref>;
  /** Position of the first erasure of an identifier. */
  readonly erased: ReadonlyMap<Ref, Position>;
}

/** R8 and erasure, from the whole log at once. */
export function operatorEdges(entries: readonly Entry[]): OperatorEdges {
  const erased = new Map<Ref, Position>();
  for (const entry of entries) {
    if (entry.kind !== 'erasure') continue;
    const { refs, position } = entry.erasure;
    for (const ref of refs) if (!erased.has(ref)) erased.set(ref, position);
  }
  const all = entries.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
  const undone = new Set<EventId>(all.flatMap((one) => (one.kind === 'undo' ? [one.command] : [])));
  const commands = all.filter(({ eventId }) => !undone.has(eventId));
  const released = new Map<Ref, Position>();
  const lifted = new Set<Ref>();
  for (const command of commands) {
    if (command.kind === 'release') released.set(command.ref, command.position);
    if (command.kind === 'lift') lifted.add(command.ref);
  }
  return { ...latestWins(commands, released, erased), released, lifted, erased };
}

/** From the latest command to the first: what contradicts a later one does not count. */
function latestWins(
  commands: readonly Command[],
  released: ReadonlyMap<Ref, Position>,
  erased: ReadonlyMap<Ref, Position>,
): Pick<OperatorEdges, 'forced' | 'forbidden'> {
  const forced: [Ref, Ref][] = [];
  const forbidden: [Ref, Ref][] = [];
  const groups = new Groups<Ref>();
  for (const command of [...commands].reverse()) {
    if (command.kind === 'forbid') {
      const { a, b } = command;
      if (groups.of(a) !== groups.of(b)) forbidden.push([a, b]);
    }
    if (command.kind !== 'force_merge') continue;
    const [first, ...rest] = command.refs as [Ref, ...Ref[]];
    for (const other of rest) {
      if ((released.get(first) ?? 0n) > command.position) continue;
      if ((released.get(other) ?? 0n) > command.position) continue;
      if (erased.has(first) !== erased.has(other)) continue;
      const [left, right] = [groups.of(first), groups.of(other)];
      const apart = forbidden.some(
        ([a, b]) => (left.has(a) && right.has(b)) || (left.has(b) && right.has(a)),
      );
      if (apart) continue;
      groups.unite(first, other);
      forced.push([first, other]);
    }
  }
  return { forced, forbidden };
}

import fc from 'fast-check';
import { uuidV5, type EventId, type Position, type Ref, type SourceName } from '#kernel';
import type { Command, Observation } from '../identity.types.ts';
import { mention, WORKSPACE } from './history.ts';
import type { Entry } from './reference/entries.ts';

/** A log before its order is fixed: observations as they would be sent, and what privacy and operators say. */
export type Draft =
  | {
      readonly kind: 'seen';
      readonly names: readonly string[];
      readonly at: number;
      readonly record?: string;
    }
  | { readonly kind: 'force_merge'; readonly names: readonly string[] }
  | { readonly kind: 'forbid'; readonly names: readonly [string, string] }
  | { readonly kind: 'release' | 'lift'; readonly name: string }
  /** Takes back the command so many commands ago. */
  | { readonly kind: 'undo'; readonly ago: number }
  | { readonly kind: 'erase'; readonly names: readonly string[] };

/** Few identifiers, so that conflicts are common: users and CRM rows share mails, phones and devices. */
const name = fc
  .tuple(fc.constantFrom('u', 'u', 'c', 'e', 'e', '~e', 'p', 'd', 'a', 'a'), fc.integer({ min: 1, max: 6 }))
  .map(([letter, number]) => `${letter}${number}`);
const plain = name.map((text) => text.replace('~', ''));

const seen = fc
  .record({
    names: fc.array(name, { minLength: 1, maxLength: 4 }),
    nobody: fc.integer({ min: 0, max: 20 }),
    // Nine hours apart, so that some share a day.
    at: fc.integer({ min: 0, max: 12 }).map((step) => step * 32_400_000),
    record: fc.option(fc.constantFrom('r1', 'r2', 'r3'), { freq: 4, nil: undefined }),
  })
  .map(({ names, nobody, at, record }): Draft => ({
    kind: 'seen',
    names: nobody === 0 ? ['x1', ...names] : names,
    at,
    ...(record === undefined ? {} : { record }),
  }));

const command: fc.Arbitrary<Draft> = fc.oneof(
  fc
    .uniqueArray(plain, { minLength: 2, maxLength: 3 })
    .map((names): Draft => ({ kind: 'force_merge', names })),
  fc
    .uniqueArray(plain, { minLength: 2, maxLength: 2 })
    .map((names): Draft => ({ kind: 'forbid', names: names as [string, string] })),
  fc
    .tuple(fc.constantFrom('release' as const, 'lift' as const), plain)
    .map(([kind, one]): Draft => ({ kind, name: one })),
  fc.integer({ min: 1, max: 3 }).map((ago): Draft => ({ kind: 'undo', ago })),
);
const erasure = fc
  .uniqueArray(plain, { minLength: 1, maxLength: 3 })
  .map((names): Draft => ({ kind: 'erase', names }));

/** Observations only, records among them. */
export const observations = fc.array(seen, { minLength: 1, maxLength: 40 });

/** Observations, operator commands and erasures. */
export const drafts = fc.array(
  fc.oneof(
    { arbitrary: seen, weight: 12 },
    { arbitrary: command, weight: 2 },
    { arbitrary: erasure, weight: 1 },
  ),
  { minLength: 1, maxLength: 40 },
);

/** A draft with the event that carries it: the same event wherever in the log it arrives. */
export interface Sent {
  readonly draft: Draft;
  readonly eventId: EventId;
}

/** Gives each draft its event. */
export function send(all: readonly Draft[]): Sent[] {
  return all.map((draft, i) => ({
    draft,
    eventId: uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `event ${i}`) as EventId,
  }));
}

/** The log in which the events arrive in this order. */
export function arrive(all: readonly Sent[]): Entry[] {
  const commands: EventId[] = [];
  return all.flatMap(({ draft, eventId }, place): Entry[] => {
    const base = { workspace: WORKSPACE, eventId, position: BigInt(place + 1) as Position };
    if (draft.kind === 'seen') {
      const observation: Observation = {
        ...base,
        source: 'web' as SourceName,
        at: draft.at,
        index: 0,
        refs: draft.names.map(mention),
        ...(draft.record === undefined ? {} : { recordRef: draft.record as Ref }),
      };
      return [{ kind: 'observation', observation }];
    }
    if (draft.kind === 'erase')
      return [{ kind: 'erasure', erasure: { ...base, refs: draft.names as unknown as Ref[] } }];
    const order = { ...base, actor: 'an operator', reason: 'a reason' };
    const command = commandOf(draft, order, commands);
    if (command === undefined) return [];
    commands.push(eventId);
    return [{ kind: 'command', command }];
  });
}

function commandOf(
  draft: Exclude<Draft, { kind: 'seen' | 'erase' }>,
  order: Pick<Command, 'workspace' | 'eventId' | 'position' | 'actor' | 'reason'>,
  earlier: readonly EventId[],
): Command | undefined {
  switch (draft.kind) {
    case 'force_merge':
      return { ...order, kind: 'force_merge', refs: draft.names as unknown as Ref[] };
    case 'forbid':
      return { ...order, kind: 'forbid', a: draft.names[0] as Ref, b: draft.names[1] as Ref };
    case 'release':
    case 'lift':
      return { ...order, kind: draft.kind, ref: draft.name as Ref };
    case 'undo': {
      const command = earlier.at(-draft.ago);
      return command === undefined ? undefined : { ...order, kind: 'undo', command };
    }
  }
}

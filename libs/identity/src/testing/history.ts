import type { EventId, Position, ProfileId, Ref, SourceName, Workspace } from '#kernel';
import { uuidV5 } from '#kernel';
import { UnitOfWork, type StateStore } from '#state-store';
import type { EnvelopeRef, Strength } from '#touchpoint';
import { createMatcher } from '../matcher.ts';
import type { Entry } from './reference/entries.ts';
import type { IdentityStep, Matcher, Observation } from '../identity.types.ts';
import { DEFAULT_RULES, type IdentityRules } from '../rules.ts';

/** Workspace of the histories in specs. */
export const WORKSPACE = 'default' as Workspace;

const SHORT: Readonly<Record<string, string>> = {
  u: 'user_id',
  c: 'crm_id',
  e: 'email',
  p: 'phone',
  d: 'device_id',
  a: 'anonymous_id',
  x: 'event',
};

/** Reads `u1` as a user_id, `e2` as an email, `~e3` as a repaired email; the text after the letter names it. */
export function mention(text: string): EnvelopeRef {
  const derived = text.startsWith('~');
  const name = derived ? text.slice(1) : text;
  const ns = SHORT[name[0] as string] as string;
  const strength: Strength = derived ? 0 : ns === 'user_id' ? 2 : 1;
  return { ns, ref: name as Ref, strength, ...(derived ? { derived: true as const } : {}) };
}

/** One observation from mentions such as `u1 a1`; its place in the history is its position. */
export function observation(place: number, mentions: string, workspace = WORKSPACE): Observation {
  return {
    workspace,
    source: 'web' as SourceName,
    eventId: uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `event ${place}`) as EventId,
    position: BigInt(place) as Position,
    at: 1_700_000_000_000 + place,
    index: 0,
    refs: mentions.split(' ').map(mention),
  };
}

/** A history from lines of mentions, at positions 1, 2, … */
export function history(...lines: readonly string[]): Observation[] {
  return lines.map((line, i) => observation(i + 1, line));
}

/** Folds a log in blocks of the given sizes (repeated), each with a unit of work of its own. */
export async function runLog(
  store: StateStore,
  entries: readonly Entry[],
  sizes: readonly number[] = [entries.length || 1],
  rules: IdentityRules = DEFAULT_RULES,
): Promise<IdentityStep[]> {
  const matcher = createMatcher(() => rules);
  const steps: IdentityStep[] = [];
  for (let from = 0, block = 0; from < entries.length; block++) {
    const work = new UnitOfWork(store);
    const part = entries.slice(from, from + (sizes[block % sizes.length] as number));
    await matcher.load(
      work,
      part.flatMap((entry) => (entry.kind === 'observation' ? [entry.observation] : [])),
    );
    for (const entry of part) steps.push(await fold(matcher, work, entry));
    await store.commit(work.writes());
    work.committed();
    from += part.length;
  }
  return steps;
}

async function fold(matcher: Matcher, work: UnitOfWork, entry: Entry): Promise<IdentityStep> {
  switch (entry.kind) {
    case 'observation':
      return await matcher.observe(work, entry.observation);
    case 'command':
      return matcher.command(work, entry.command);
    case 'erasure':
      return matcher.erase(work, entry.erasure);
  }
}

/** Observations as a log. */
export function asLog(observations: readonly Observation[]): Entry[] {
  return observations.map((one) => ({ kind: 'observation', observation: one }));
}

/** Folds a history of observations only. */
export function run(
  store: StateStore,
  observations: readonly Observation[],
  sizes?: readonly number[],
  rules?: IdentityRules,
): Promise<IdentityStep[]> {
  return runLog(store, asLog(observations), sizes, rules);
}

/** The short story of a step: kinds of its decisions in order. */
export function kinds(step: IdentityStep | undefined): string[] {
  return (step?.decisions ?? []).map(({ kind }) => kind);
}

interface Told {
  readonly founding: { ref: Ref };
  readonly identifier: { ref: Ref };
  readonly moved: readonly { ref: Ref }[];
  readonly parts: readonly { profileId: ProfileId; identifiers: readonly { ref: Ref }[] }[];
}

/** The map identifier → profile as the decisions alone tell it. */
export function mapFromDecisions(steps: readonly IdentityStep[]): Map<Ref, ProfileId> {
  const map = new Map<Ref, ProfileId>();
  for (const { kind, profileId, details } of steps.flatMap(({ decisions }) => decisions)) {
    const { founding, identifier, moved, parts } = details as unknown as Told;
    if (kind === 'ProfileCreated') map.set(founding.ref, profileId);
    if (kind === 'IdentifierLinked') map.set(identifier.ref, profileId);
    if (kind === 'ProfilesMerged') for (const { ref } of moved) map.set(ref, profileId);
    if (kind === 'ProfileSplit')
      for (const part of parts) for (const { ref } of part.identifiers) map.set(ref, part.profileId);
  }
  return map;
}

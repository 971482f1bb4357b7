import { need } from './need.ts';
import { uuidV5, type ProfileId, type Ref } from '#kernel';
import { isAlias, PROFILES, REFS, type Member, type ProfileRow } from './identity-rows.ts';
import { grow } from './grow.ts';
import { profileIdOf } from './profile-id.ts';
import type { Component } from './resolve.ts';
import type { IdentityRules } from './rules.ts';
import type { Step } from './step.ts';
import { rankOf, survivors, type Before } from './survival.ts';
import { tellChanges, type Change, type Tale } from './tell-changes.ts';

/**
 * Makes the profiles follow the components: ids by R9, aliases, moves and decisions. The components together must
 * hold every identifier of `profiles`, and nobody else's; those rows must be loaded. Reads the rows of identifiers
 * that move only. There is nothing to wait for where one profile grows or is born.
 */
export function regroup(
  step: Step,
  components: readonly Component[],
  profiles: Iterable<ProfileId>,
  tale: Tale,
): Promise<void> | undefined {
  const rows = new Map<ProfileId, ProfileRow>();
  for (const id of profiles) rows.set(id, step.profile(id));
  const [first] = components;
  if (first === undefined || components.length > 1 || rows.size > 1)
    return regroupSeveral(step, components, rows, tale);
  const [old] = rows;
  grow(step, first, old && { id: old[0], row: old[1] }, tale.mentions);
  return undefined;
}

async function regroupSeveral(
  step: Step,
  components: readonly Component[],
  rows: ReadonlyMap<ProfileId, ProfileRow>,
  tale: Tale,
): Promise<void> {
  const before = beforeOf(rows, tale);
  const changed = components.filter((component) => !keepsProfile(step, component, before));
  if (changed.length === 0) return;
  const olds = new Map<ProfileId, ProfileRow>();
  for (const { members } of changed) {
    for (const ref of members) {
      const id = before.holderOf(ref);
      if (id !== undefined && !olds.has(id)) olds.set(id, rows.get(id) as ProfileRow);
    }
  }
  const kept = survivors(changed, before, step.rules);
  const changes: Change[] = [];
  const born = new Set<ProfileId>();
  for (const [i, component] of changed.entries()) {
    const id = kept[i];
    const members = inOrder(component.members, id, olds, before, tale);
    if (id === undefined) {
      const birth = await beBorn(step, component, members, { olds, born, before });
      born.add(birth.id);
      changes.push({ ...birth, created: true, component, members });
    } else {
      changes.push({ id, row: olds.get(id) as ProfileRow, created: false, component, members });
    }
  }
  const living = new Set(changes.map(({ id }) => id));
  const ended = [...olds].filter(([id]) => !living.has(id));
  await need(
    step.work,
    PROFILES,
    ended.flatMap(([id]) => step.profile(id).aliases),
  );
  const moving = changes.flatMap(({ id, members }) =>
    members.flatMap(([, ref]) => (before.holderOf(ref) === id ? [] : ref)),
  );
  await need(step.work, REFS, moving);
  place(step, changes, olds, before);
  if (ended.length > 0) {
    const owner = new Map(changes.flatMap(({ id, members }) => members.map(([, ref]) => [ref, id] as const)));
    for (const [id, row] of ended) leadOn(step, id, row, owner);
  }
  tellChanges(step, changes, olds, before.holderOf, tale);
}

function beforeOf(rows: ReadonlyMap<ProfileId, ProfileRow>, { mentions }: Tale): Before {
  const holders = new Map<Ref, ProfileId>();
  const names = new Map<Ref, string>(mentions.map(({ ref, ns }) => [ref, ns]));
  for (const [id, { members }] of rows) {
    for (const [ns, ref] of members) {
      holders.set(ref, id);
      names.set(ref, ns);
    }
  }
  return {
    holderOf: (ref) => holders.get(ref),
    nsOf: (ref) => names.get(ref) as string,
    profile: (id) => rows.get(id) as ProfileRow,
  };
}

/** A component that is a profile already, as most of a recompute are; its marks may have changed. */
function keepsProfile(step: Step, { members, clusters, contested }: Component, before: Before): boolean {
  const id = before.holderOf(members[0] as Ref);
  if (id === undefined) return false;
  const { contested: was, ...row } = before.profile(id);
  if (row.members.length !== members.length || !members.every((ref) => before.holderOf(ref) === id))
    return false;
  if ((was ?? false) !== contested || row.clusters !== clusters)
    step.keep(id, { ...row, clusters, ...(contested ? { contested } : {}) });
  return true;
}

/** The id's own members first, then those of others, then newcomers, each in the order in which they came. */
function inOrder(
  members: readonly Ref[],
  id: ProfileId | undefined,
  olds: ReadonlyMap<ProfileId, ProfileRow>,
  { holderOf, nsOf }: Before,
  { mentions }: Tale,
): Member[] {
  const here = new Set(members);
  const sources = new Set<ProfileId | undefined>([id, ...members.map(holderOf)]);
  const found: Member[] = [];
  for (const source of sources) {
    const row = source === undefined ? undefined : olds.get(source);
    for (const member of row?.members ?? []) if (here.delete(member[1])) found.push(member);
  }
  for (const { ref, ns } of mentions) if (here.delete(ref)) found.push([ns, ref]);
  for (const ref of here) found.push([nsOf(ref), ref]);
  return found;
}

interface Birth {
  readonly id: ProfileId;
  readonly row: Pick<ProfileRow, 'workspace' | 'founding' | 'createdAt' | 'published' | 'aliases'>;
}

/**
 * A new id: that of an absorbed profile whose founder is here again, else that of the best identifier, else, where
 * another person has that one, one of this split's own.
 */
async function beBorn(
  step: Step,
  { members }: Component,
  ordered: readonly Member[],
  known: { olds: ReadonlyMap<ProfileId, ProfileRow>; born: ReadonlySet<ProfileId>; before: Before },
): Promise<Birth> {
  const { workspace, eventId, position } = step.cause;
  const fresh = (id: ProfileId, founding: Member): Birth => ({
    id,
    row: { workspace, founding, createdAt: position.toString(), published: 0, aliases: [] },
  });
  const isOld = (ref: Ref) => known.before.holderOf(ref) !== undefined;
  if (!members.some(isOld)) {
    const founding = ordered[0] as Member;
    return fresh(profileIdOf(workspace, founding[1]), founding);
  }
  const aliases = [...known.olds.values()].flatMap((row) => row.aliases);
  await need(step.work, PROFILES, aliases);
  const here = new Set(members);
  // An absorbed id stands after those that led to it: the last one is what the profile was called before it ended.
  for (const id of aliases.reverse()) {
    const row = step.work.get(PROFILES, id);
    if (row !== undefined && isAlias(row) && here.has(row.founding[1]) && !known.born.has(id))
      return await revive(step, id);
  }
  const founder = bestOf(ordered, known.before, step.rules);
  const founding = founder[1];
  for (let n = 0; ; n++) {
    const id =
      n === 0 ? profileIdOf(workspace, founding) : (uuidV5(eventId, `split:${founding}:${n}`) as ProfileId);
    await need(step.work, PROFILES, [id]);
    const row = step.work.get(PROFILES, id);
    if (known.born.has(id)) continue;
    if (row === undefined) return fresh(id, founder);
    if (isAlias(row) && row.founding[1] === founding) return await revive(step, id);
  }
}

function bestOf(members: readonly Member[], before: Before, rules: IdentityRules): Member {
  const ranked = members.map((member) => ({ member, rank: rankOf(member[1], before, rules) }));
  return ranked.reduce((best, one) => (one.rank < best.rank ? one : best)).member;
}

/** An alias becomes a profile again: its stream continues, and nobody else leads there. */
async function revive(step: Step, id: ProfileId): Promise<Birth> {
  const row = step.work.get(PROFILES, id);
  if (row === undefined || !isAlias(row)) throw new TypeError('only an alias can be revived');
  await need(step.work, PROFILES, [row.alias]);
  const target = step.profile(row.alias);
  step.keep(row.alias, { ...target, aliases: target.aliases.filter((other) => other !== id) });
  const { founding, createdAt, published } = row;
  return { id, row: { workspace: step.cause.workspace, founding, createdAt, published, aliases: [] } };
}

function place(
  step: Step,
  changes: readonly Change[],
  olds: ReadonlyMap<ProfileId, ProfileRow>,
  before: Before,
): void {
  for (const { id, row, component, members } of changes) {
    const { clusters, contested } = component;
    // What a revival took from its aliases counts, so the row is read again.
    const aliases = olds.has(id) ? step.profile(id).aliases : row.aliases;
    const { workspace, createdAt, published } = row;
    const stayed = members.some(([, ref]) => ref === row.founding[1]);
    const founding = stayed ? row.founding : bestOf(members, before, step.rules);
    const marks = contested ? { contested } : {};
    step.keep(id, { workspace, founding, createdAt, members, published, aliases, clusters, ...marks });
    step.touch(id);
    for (const [, ref] of members) if (before.holderOf(ref) !== id) step.assign(ref, id);
  }
}

/** An id that no component keeps leads to the one that holds most of its identifiers, and so do its aliases. */
function leadOn(step: Step, id: ProfileId, old: ProfileRow, owner: ReadonlyMap<Ref, ProfileId>): void {
  const counts = new Map<ProfileId, number>();
  for (const [, ref] of old.members) {
    const to = owner.get(ref) as ProfileId;
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  const [alias] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
  const { founding, createdAt, published } = old;
  const rest = (step.work.get(PROFILES, id) as ProfileRow).aliases;
  step.work.set(PROFILES, id, { alias, published, founding, createdAt });
  for (const other of rest) {
    const row = step.work.get(PROFILES, other);
    if (row !== undefined && isAlias(row)) step.work.set(PROFILES, other, { ...row, alias });
  }
  const target = step.profile(alias);
  step.keep(alias, { ...target, aliases: [...target.aliases, ...rest, id] });
  step.touch(id);
  for (const other of rest) step.touch(other);
}

import type { ProfileId } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import { memberOf, type ProfileRow } from './identity-rows.ts';
import { profileIdOf } from './profile-id.ts';
import type { Component } from './resolve.ts';
import type { Step } from './step.ts';
import { tellBirth, tellNewcomers } from './tell-changes.ts';

/**
 * What most news come to, told apart for speed: all of one component, and at most one profile before. Newcomers
 * join it, or become one.
 */
export function grow(
  step: Step,
  { clusters, contested }: Component,
  old: { readonly id: ProfileId; readonly row: ProfileRow } | undefined,
  mentions: readonly EnvelopeRef[],
): void {
  const newcomers = mentions.filter(({ ref }) => step.ref(ref)?.profileId === undefined);
  const [founder] = newcomers;
  const marks = contested ? { contested } : {};
  if (founder === undefined) {
    if (old === undefined) return;
    const { contested: was, ...row } = old.row;
    if ((was ?? false) !== contested || row.clusters !== clusters)
      step.keep(old.id, { ...row, clusters, ...marks });
    return;
  }
  const { workspace, position } = step.cause;
  const joining = newcomers.map(memberOf);
  const members = old === undefined ? joining : [...old.row.members, ...joining];
  const id = old?.id ?? profileIdOf(workspace, founder.ref);
  const row: Omit<ProfileRow, 'members' | 'clusters' | 'contested'> = old?.row ?? {
    workspace,
    founding: memberOf(founder),
    createdAt: position.toString(),
    published: 0,
    aliases: [],
  };
  const { founding, createdAt, published, aliases } = row;
  step.keep(id, { workspace, founding, createdAt, members, published, aliases, clusters, ...marks });
  for (const { ref } of newcomers) step.assign(ref, id);
  const change = { id, row, created: old === undefined, members };
  tellBirth(step, change, old?.row.members ?? []);
  tellNewcomers(step, change, mentions);
}

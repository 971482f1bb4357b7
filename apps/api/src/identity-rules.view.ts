import type { PublishedRules } from '#config';
import type { IdentityRules, RuleChanges } from '#identity';
import { isoTime } from '#kernel';
import { TABLE_NAMESPACES } from '#touchpoint';
import type { NamespaceRules } from '#touchpoint';
import type { PlanState } from '#apps/projector';

/** Changes as they can be given back: blocked identifiers by their stand-ins. */
export function changesView({ blocked, ...rest }: RuleChanges): object {
  return blocked === undefined ? rest : { ...rest, blocked: blocked.map((anchor) => ({ anchor })) };
}

/** Every namespace of the table and every changed one by its rules; `*` stands for all others. */
export function rulesView(rules: IdentityRules, { namespaces = {} }: RuleChanges): object {
  const names = [...new Set([...TABLE_NAMESPACES, ...Object.keys(namespaces).sort(), '*'])];
  return {
    namespaces: names.map((namespace) => ({ namespace, ...namespaceView(rules.namespace(namespace)) })),
    maxMembers: rules.maxMembers,
    floodAt: rules.floodAt,
    blocked: rules.blocked.size,
  };
}

function namespaceView({
  class: kind,
  priority,
  limit,
  quarantineAt,
  conflictPolicy,
}: NamespaceRules): object {
  return {
    class: kind,
    priority,
    limit,
    quarantineAt: quarantineAt === Number.POSITIVE_INFINITY ? null : quarantineAt,
    conflictPolicy: conflictPolicy ?? 'earliest',
  };
}

/** A published version. */
export function versionView({ version, changes, reason, actor, at }: PublishedRules): object {
  return { version, changes: changesView(changes), reason, actor, at: isoTime(at) };
}

/** A dry run. */
export function planView(state: PlanState): object {
  return state.status === 'none' ? state : { ...state, changes: changesView(state.changes) };
}

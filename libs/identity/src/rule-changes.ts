import type { Ref } from '#kernel';
import { namespaceRules, type NamespaceClass, type NamespaceRules } from '#touchpoint';
import type { TraitPolicies } from './trait-policy.ts';
import { DEFAULT_RULES, type IdentityRules } from './rules.ts';

/**
 * What is other than by default in a namespace; what is absent is as its class has it. The priority is no setting: it
 * chose the anchors of all touchpoints at their receipt, and those stand in the log for ever.
 */
export interface NamespaceChange {
  readonly class?: NamespaceClass;
  /** Most distinct values in one profile. */
  readonly limit?: number;
  /** Quarantined when seen with more distinct unique-class values than this; `null`: never. */
  readonly quarantineAt?: number | null;
  /** Which link goes first where a limit keeps one out: the `earliest` by event time (default), or the `latest`. */
  readonly conflictPolicy?: 'earliest' | 'latest';
}

/** Rules as configuration: their differences to the defaults, as JSON. `{}` are the defaults. */
export interface RuleChanges {
  readonly namespaces?: Readonly<Record<string, NamespaceChange>>;
  /** Most identifiers that one profile may hold. */
  readonly maxMembers?: number;
  /** Co-observations from which on an identifier is a flood, by class. */
  readonly floodAt?: Partial<Readonly<Record<NamespaceClass, number>>>;
  /** Identifiers that are nobody's (R2). Refs: no value stands in the log. */
  readonly blocked?: readonly Ref[];
  /** R11: which of several words on a trait stands, by trait name. */
  readonly traits?: TraitPolicies;
}

/** Rules of a namespace that becomes another class: as most of that class. */
const OF_CLASS: Readonly<Record<NamespaceClass, Pick<NamespaceRules, 'limit' | 'quarantineAt'>>> = {
  unique: { limit: 1, quarantineAt: Number.POSITIVE_INFINITY },
  contact: { limit: 5, quarantineAt: 5 },
  device: { limit: 50, quarantineAt: 10 },
};

/** The rules that changes make of the defaults. */
export function rulesOf(changes: RuleChanges, version: number): IdentityRules {
  const {
    namespaces = {},
    maxMembers = DEFAULT_RULES.maxMembers,
    floodAt,
    blocked = [],
    traits = {},
  } = changes;
  const changed = new Map(Object.entries(namespaces).map(([ns, change]) => [ns, changedRules(ns, change)]));
  return {
    version,
    namespace: changed.size === 0 ? namespaceRules : (ns) => changed.get(ns) ?? namespaceRules(ns),
    maxMembers,
    floodAt: { ...DEFAULT_RULES.floodAt, ...floodAt },
    blocked: new Set(blocked),
    traits,
  };
}

function changedRules(ns: string, change: NamespaceChange): NamespaceRules {
  const { limit, quarantineAt, conflictPolicy } = change;
  const before = namespaceRules(ns);
  const kind = change.class ?? before.class;
  return {
    ...before,
    ...(kind === before.class ? {} : OF_CLASS[kind]),
    class: kind,
    ...(limit === undefined ? {} : { limit }),
    ...(quarantineAt === undefined ? {} : { quarantineAt: quarantineAt ?? Number.POSITIVE_INFINITY }),
    ...(conflictPolicy === 'latest' ? { conflictPolicy } : {}),
  };
}

import type { Ref, Workspace } from '#kernel';
import type { TraitPolicies } from './trait-policy.ts';
import { namespaceRules, type NamespaceClass, type NamespaceRules } from '#touchpoint';

/** What decides who is who, beside the facts: the partition is a function of facts, commands and these. */
export interface IdentityRules {
  /** Version of the workspace's rules; 0: the defaults. */
  readonly version: number;
  /** R0: class, priority, limit and quarantine of a namespace. */
  readonly namespace: (ns: string) => NamespaceRules;
  /** Most identifiers that one profile may hold. */
  readonly maxMembers: number;
  /**
   * An identifier with more distinct co-observations than this is quarantined like one seen with too many people
   * (R4): no person makes so many, and it keeps a local recompute local.
   */
  readonly floodAt: Readonly<Record<NamespaceClass, number>>;
  /** R2: identifiers that are nobody's. They link nothing, count for nothing and stand alone. */
  readonly blocked: ReadonlySet<Ref>;
  /** R11: which of several words on a trait stands, where it is not the newest. */
  readonly traits: TraitPolicies;
}

/** The rules of each workspace; the same ones for as long as a state lives. */
export type RuleBook = (workspace: Workspace) => IdentityRules;

/** A person collects some 150 in a year of browsers that forget their cookies every week; a device few. */
const FLOOD_AT = { unique: 2_000, contact: 2_000, device: 500 };

/** The rules in force where nothing else is configured. */
export const DEFAULT_RULES: IdentityRules = {
  version: 0,
  namespace: namespaceRules,
  maxMembers: 500,
  floodAt: FLOOD_AT,
  blocked: new Set(),
  traits: {},
};

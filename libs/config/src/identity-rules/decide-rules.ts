import type { RuleChanges } from '#identity';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided } from '../decided.ts';

/** Somebody else published rules since the caller looked: what was planned on those before may not fit. */
export interface StaleRules {
  readonly outcome: 'stale';
  /** Version that is published now; 0: the defaults. */
  readonly version: number;
}

/** Rules that are to be. */
export interface NewRules {
  /** Version that the author knows as the published one; 0: the defaults. */
  readonly expectedVersion: number;
  readonly changes: RuleChanges;
  readonly reason: string;
}

/** The next version, unless its author knows another one than the newest. */
export function decideRules(
  { identityRules }: ConfigState,
  { expectedVersion, changes, reason }: NewRules,
  by: Authorship,
): Decided<StaleRules> {
  const version = identityRules.length;
  if (version !== expectedVersion) return { refused: { outcome: 'stale', version } };
  return { events: [{ type: 'IdentityRulesPublished', version: version + 1, changes, reason, ...by }] };
}

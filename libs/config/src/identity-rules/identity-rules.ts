import type { RuleChanges } from '#identity';

/** Rules of identity that were published, and who did it. */
export interface PublishedRules {
  /** From 1, without gaps; 0 are the defaults, which nobody published. */
  readonly version: number;
  /** Differences to the defaults. */
  readonly changes: RuleChanges;
  readonly reason: string;
  /** Who published them: role of the API key, or `role:name` where its caller named somebody. */
  readonly actor: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

/** All versions of a workspace, oldest first: version 1 is the first one. */
export type RuleVersions = readonly PublishedRules[];

/** The newest rules; `undefined`: nobody published any, the defaults are in force. */
export function newestRules(versions: RuleVersions): PublishedRules | undefined {
  return versions.at(-1);
}

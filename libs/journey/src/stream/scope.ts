/** Whose events make one history. */
export const UNITS = ['person', 'session', 'account'] as const;

/** Whose events make one history. */
export type Unit = (typeof UNITS)[number];

/** Which events a question is about. */
export interface Scope {
  /** Database of the workspace. */
  readonly database: string;
  /** First moment, ms since 1970 UTC, inclusive; absent: from the beginning. */
  readonly from?: number;
  /** Last moment, ms since 1970 UTC, exclusive; absent: to the end. */
  readonly to?: number;
  /** Whether events count that a program caused and not the person. */
  readonly includeBots: boolean;
}

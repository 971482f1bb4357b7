import type { EventId } from '#kernel';

/** What a projection tells of its running; the shell turns it into metrics and log lines. No personal data. */
export interface Monitor {
  folded(count: { events: number; fresh: number; repeated: number; unreadable: number }): void;
  /** A repeated event id whose content differs from the first one's. */
  differingDuplicates(ids: readonly EventId[]): void;
  /** Bodies that their living key does not open: damage in the log or the key store. */
  broken(ids: readonly EventId[]): void;
  inserted(count: { rows: number; tables: number }): void;
  published(count: { decisions: number; corrections: number }): void;
  /** Parts of a table that a squash under way has still to rewrite; 0 between two. */
  squashing(partsLeft: number): void;
  /** Overrides were folded into the rows. */
  squashed(count: { overrides: number; busyMs: number }): void;
  /** A step failed and is tried again after a pause. */
  retrying(step: string, error: unknown): void;
}

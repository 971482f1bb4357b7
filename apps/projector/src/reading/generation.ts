import type { IdentityRules } from '#identity';
import type { Position, Workspace } from '#kernel';
import type { StateStore } from '#state-store';

/** How far a projection has come, for those who wait to read their own writes. */
export interface Passed {
  /** Every wanted event up to here has had its effect. */
  readonly position: Position;
  /** True once `position` is reached, false after `timeoutMs`. */
  reached(position: Position, timeoutMs: number): Promise<boolean>;
}

/** What readers see of the generation of projections that is read now, whichever process runs it. */
export interface Generation {
  /** Read only. */
  readonly state: StateStore;
  /** The rules by which it tells people apart. */
  readonly rules: { of(workspace: Workspace): IdentityRules };
  readonly profiles: Passed;
  readonly warehouse: Passed;
  /** The head of the log was reached since the projections were opened. */
  readonly caughtUp: boolean;
}

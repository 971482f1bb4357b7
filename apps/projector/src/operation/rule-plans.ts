import type { PartitionDiff, RuleChanges } from '#identity';
import type { Workspace } from '#kernel';

/** A dry run of rules as its watcher sees it; positions are decimal. */
export type PlanState =
  | { readonly status: 'none' }
  | (Tried &
      (
        | PlanRunning
        | ({ readonly status: 'succeeded'; readonly position: string } & PartitionDiff)
        | { readonly status: 'cancelled' }
        | { readonly status: 'failed'; readonly message: string }
      ));

/** Which rules are tried. */
interface Tried {
  /** Version that they are compared with: the one published when the dry run began. */
  readonly baseVersion: number;
  readonly changes: RuleChanges;
}

interface PlanRunning {
  readonly status: 'running';
  readonly step: 'folding' | 'comparing';
  /** Log position folded, or profiles compared. */
  readonly done: string;
  /** Log position at which folding ends. Absent while comparing. */
  readonly of?: string;
}

/** Rules to try, as differences to the defaults, and the published ones to compare them with. */
export interface PlanOrder {
  readonly workspace: Workspace;
  readonly changes: RuleChanges;
  readonly base: { readonly version: number; readonly changes: RuleChanges };
}

/** Dry runs of rules, one at a time, wherever they run: each needs the memory and the disk of two states. */
export abstract class RulePlans {
  /** The dry run under way in a workspace, or how its last one ended. */
  abstract stateOf(workspace: Workspace): Promise<PlanState>;

  /** Begins a dry run; `undefined` if one is under way, in whatever workspace. */
  abstract start(order: PlanOrder): Promise<PlanState | undefined>;

  /** Ends the dry run under way in a workspace; `undefined` if there is none. */
  abstract cancel(workspace: Workspace): Promise<PlanState | undefined>;
}

/** What is told of a dry run that has just been asked for. */
export function planBegun({ base, changes }: PlanOrder): PlanState {
  return { baseVersion: base.version, changes, status: 'running', step: 'folding', done: '0', of: '0' };
}

import type { IdentityRules, PartitionDiff, RuleChanges } from '#identity';
import { messageOf } from '#kernel';
import type { Workspace } from '#kernel';
import type { PlanOutcome, RulesOnTrial } from '#projection';

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

/** Rules to try, and those to compare them with. */
export interface PlanOrder {
  readonly workspace: Workspace;
  readonly changes: RuleChanges;
  readonly before: IdentityRules;
  readonly after: IdentityRules;
}

/** Dry runs of rules, one at a time in the process: each needs the memory and the disk of two states. */
export class RulePlans {
  #workspace: Workspace | undefined;
  #state: PlanState = { status: 'none' };
  #abort = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly run: (trial: RulesOnTrial) => Promise<PlanOutcome>) {}

  /** The dry run under way in a workspace, or how its last one ended since the start. */
  stateOf(workspace: Workspace): PlanState {
    return workspace === this.#workspace ? this.#state : { status: 'none' };
  }

  /** Begins a dry run; `undefined` if one is under way, in whatever workspace. */
  start({ workspace, changes, before, after }: PlanOrder): PlanState | undefined {
    if (this.#state.status === 'running') return undefined;
    const tried = { baseVersion: before.version, changes };
    const { signal } = (this.#abort = new AbortController());
    this.#workspace = workspace;
    this.#state = { ...tried, status: 'running', step: 'folding', done: '0', of: '0' };
    const progress: RulesOnTrial['progress'] = (step, done, of) => {
      const end = of === undefined ? {} : { of: of.toString() };
      this.#state = { ...tried, status: 'running', step, done: done.toString(), ...end };
    };
    const plan = async (): Promise<PlanState> => {
      try {
        const ended = await this.run({ workspace, before, after, signal, progress });
        if (ended.outcome === 'cancelled') return { ...tried, status: 'cancelled' };
        return { ...tried, status: 'succeeded', position: ended.position.toString(), ...ended.diff };
      } catch (error) {
        return { ...tried, status: 'failed', message: messageOf(error) };
      }
    };
    this.#ended = plan().then((state) => {
      this.#state = state;
    });
    return this.#state;
  }

  /** Ends the dry run under way in a workspace; `undefined` if there is none. */
  async cancel(workspace: Workspace): Promise<PlanState | undefined> {
    if (this.stateOf(workspace).status !== 'running') return undefined;
    await this.close();
    return this.#state;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }
}

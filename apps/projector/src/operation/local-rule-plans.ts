import { rulesOf } from '#identity';
import { messageOf } from '#kernel';
import type { Workspace } from '#kernel';
import type { PlanOutcome, RulesOnTrial } from '#projection';
import { planBegun, RulePlans } from './rule-plans.ts';
import type { PlanOrder, PlanState } from './rule-plans.ts';

/** Dry runs of rules in the process of the projections. */
export class LocalRulePlans extends RulePlans {
  #workspace: Workspace | undefined;
  #state: PlanState = { status: 'none' };
  #abort = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly run: (trial: RulesOnTrial) => Promise<PlanOutcome>) {
    super();
  }

  /** The newest dry run since the start, of whatever workspace. */
  get newest(): { readonly workspace: Workspace | undefined; readonly state: PlanState } {
    return { workspace: this.#workspace, state: this.#state };
  }

  override async stateOf(workspace: Workspace): Promise<PlanState> {
    return workspace === this.#workspace ? this.#state : { status: 'none' };
  }

  override async start(order: PlanOrder): Promise<PlanState | undefined> {
    if (this.#state.status === 'running') return undefined;
    const { workspace, changes, base } = order;
    const before = rulesOf(base.changes, base.version);
    const after = rulesOf(changes, base.version + 1);
    const tried = { baseVersion: base.version, changes };
    const { signal } = (this.#abort = new AbortController());
    this.#workspace = workspace;
    this.#state = planBegun(order);
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

  override async cancel(workspace: Workspace): Promise<PlanState | undefined> {
    if (workspace !== this.#workspace || this.#state.status !== 'running') return undefined;
    await this.close();
    return this.#state;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Workspace } from '#kernel';
import { planBegun, RulePlans } from '../operation/rule-plans.ts';
import type { PlanOrder, PlanState } from '../operation/rule-plans.ts';
import type { Board } from './board.ts';

const LOOK_MS = 100;

/** How long a cancellation waits for the projector's word. */
const PATIENCE_MS = 10_000;

/** Dry runs of a process that runs no projections: orders on the board. */
export class RemoteRulePlans extends RulePlans {
  constructor(private readonly board: Board) {
    super();
  }

  override async stateOf(workspace: Workspace): Promise<PlanState> {
    const newest = await this.#newest();
    return newest.workspace === workspace ? newest.state : { status: 'none' };
  }

  override async start(order: PlanOrder): Promise<PlanState | undefined> {
    const { number, state } = await this.#newest();
    if (state.status === 'running') return undefined;
    return (await this.board.place('plan', number, order)) ? planBegun(order) : undefined;
  }

  override async cancel(workspace: Workspace): Promise<PlanState | undefined> {
    const { number, ...newest } = await this.#newest();
    if (newest.workspace !== workspace || newest.state.status !== 'running') return undefined;
    await this.board.place('plan', number, { cancel: workspace });
    for (let left = PATIENCE_MS / LOOK_MS; left > 0; left--) {
      const report = await this.board.report('plan');
      if ((report?.number ?? 0) > number) break;
      await pause(LOOK_MS);
    }
    return this.stateOf(workspace);
  }

  /** The newest order that was placed, and what has become of it. */
  async #newest(): Promise<{ number: number; workspace: Workspace | undefined; state: PlanState }> {
    const [order, report] = await Promise.all([this.board.order('plan'), this.board.report('plan')]);
    const number = order?.number ?? 0;
    if (order === undefined || number === (report?.number ?? 0) || 'cancel' in order.value)
      return { number, ...(report?.value ?? { workspace: undefined, state: { status: 'none' } }) };
    return { number, workspace: order.value.workspace, state: planBegun(order.value) };
  }
}

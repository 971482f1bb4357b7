import type { Lag } from '#apps/process';
import { Operations } from '../operation/operations.ts';
import type { RebuildState } from '../operation/operations.ts';
import type { Board } from './board.ts';

const WAITING: RebuildState = {
  status: 'running',
  step: 'waiting for the projector',
  position: '0',
  of: '0',
};

/** Operations of a process that runs no projections: orders on the board. */
export class RemoteOperations extends Operations {
  constructor(
    private readonly board: Board,
    private readonly measureLags: () => Promise<readonly Lag[]>,
  ) {
    super();
  }

  override lags(): Promise<readonly Lag[]> {
    return this.measureLags();
  }

  override async rebuildState(): Promise<RebuildState> {
    const [order, report] = await Promise.all([this.board.order('rebuild'), this.board.report('rebuild')]);
    if ((order?.number ?? 0) > (report?.number ?? 0)) return WAITING;
    return report?.value ?? { status: 'none' };
  }

  override async startRebuild(): Promise<RebuildState | undefined> {
    const after = (await this.board.order('rebuild'))?.number ?? 0;
    if ((await this.rebuildState()).status === 'running') return undefined;
    return (await this.board.place('rebuild', after, {})) ? WAITING : undefined;
  }
}

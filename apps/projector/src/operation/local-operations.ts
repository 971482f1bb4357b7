import type { Lag } from '#apps/process';
import { messageOf } from '#kernel';
import { Operations } from './operations.ts';
import type { RebuildState } from './operations.ts';

/** What the process that runs the projections answers operators with. */
export interface OperationParts {
  readonly lags: () => Promise<readonly Lag[]>;
  readonly rebuild: (
    progress: (step: string, done: bigint, of: bigint) => void,
  ) => Promise<{ readonly equal: boolean; readonly position: bigint }>;
}

/** Long jobs of an operator in the process of the projections, one at a time, with their progress. */
export class LocalOperations extends Operations {
  #rebuild: RebuildState = { status: 'none' };

  constructor(private readonly parts: OperationParts) {
    super();
  }

  override lags(): Promise<readonly Lag[]> {
    return this.parts.lags();
  }

  /** The rebuild under way, or how the last one ended since the start. */
  get rebuild(): RebuildState {
    return this.#rebuild;
  }

  override async rebuildState(): Promise<RebuildState> {
    return this.#rebuild;
  }

  override async startRebuild(): Promise<RebuildState | undefined> {
    return this.start();
  }

  /** Begins a rebuild; `undefined` if one is under way. */
  start(): RebuildState | undefined {
    if (this.#rebuild.status === 'running') return undefined;
    this.#rebuild = { status: 'running', step: 'starting', position: '0', of: '0' };
    const run = async (): Promise<{ readonly equal: boolean; readonly position: bigint }> =>
      this.parts.rebuild((step, done, of) => {
        this.#rebuild = { status: 'running', step, position: done.toString(), of: of.toString() };
      });
    run().then(
      (report) => {
        const { equal, position } = report;
        this.#rebuild = {
          status: 'succeeded',
          equal,
          report: { ...report, position: position.toString() },
        };
      },
      (error: unknown) => {
        this.#rebuild = { status: 'failed', message: messageOf(error) };
      },
    );
    return this.#rebuild;
  }
}

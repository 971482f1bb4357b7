import { messageOf } from '#kernel';
import type { Workspace } from '#kernel';
import type { Lag } from './metrics.ts';

/** A rebuild as its watcher sees it; positions are decimal. */
export type RebuildState =
  | { readonly status: 'none' }
  | { readonly status: 'running'; readonly step: string; readonly position: string; readonly of: string }
  | { readonly status: 'succeeded'; readonly equal: boolean; readonly report: object }
  | { readonly status: 'failed'; readonly message: string };

/** What operators may ask, as the process answers it. */
export interface OperationParts {
  readonly lags: () => Promise<readonly Lag[]>;
  readonly digests: (workspace: Workspace) => Promise<object>;
  readonly rebuild: (
    progress: (step: string, done: bigint, of: bigint) => void,
  ) => Promise<{ readonly equal: boolean; readonly position: bigint }>;
}

/** Long jobs of an operator, one at a time, with their progress. */
export class Operations {
  #rebuild: RebuildState = { status: 'none' };

  constructor(private readonly parts: OperationParts) {}

  /** How far each projection is behind. */
  lags(): Promise<readonly Lag[]> {
    return this.parts.lags();
  }

  /** Digests of the public views of a workspace. */
  digests(workspace: Workspace): Promise<object> {
    return this.parts.digests(workspace);
  }

  /** The rebuild under way, or how the last one ended since the start. */
  get rebuildState(): RebuildState {
    return this.#rebuild;
  }

  /** Begins a rebuild; `undefined` if one is under way. */
  startRebuild(): RebuildState | undefined {
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

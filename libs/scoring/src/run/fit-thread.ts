import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { WarehouseUnavailable, type Warehouse } from '#warehouse';
import { FitThreadEnded } from '../errors.ts';
import type { FitOutcome } from '../fit/fit-book.ts';
import type { FitResult } from '../fit/fit-result.ts';
import type { FitMessage, FitOrder } from './fit-message.ts';
import type { FitJob, FitProgress } from './run-fit.ts';

/** A million customers take some 1.5 GB; beyond this the thread ends, and the process lives. */
const MEMORY_MB = 4_096;

/** One thread at a time that fits or scores; it reaches the tables by itself. */
export class FitThread {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  constructor(private readonly warehouse: Warehouse) {}

  /** Stops the work at its next step. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /**
   * Runs a fit in a thread.
   *
   * @throws WarehouseUnavailable, FitThreadEnded
   */
  async fit(job: FitJob, onProgress: (progress: FitProgress) => void): Promise<FitOutcome> {
    const message = await this.#run({ job }, onProgress);
    if (message.kind !== 'fitted') throw new FitThreadEnded(`a fit answered ${message.kind}`);
    return message.outcome;
  }

  /**
   * Scores anew by a result, in a thread; answers how many people.
   *
   * @throws WarehouseUnavailable, FitThreadEnded
   */
  async rescore(job: FitJob, result: FitResult): Promise<number> {
    const message = await this.#run({ job, result }, () => undefined);
    if (message.kind !== 'rescored') throw new FitThreadEnded(`a scoring answered ${message.kind}`);
    return message.people;
  }

  async #run(
    order: Pick<FitOrder, 'job' | 'result'>,
    onProgress: (progress: FitProgress) => void,
  ): Promise<Exclude<FitMessage, { kind: 'progress' | 'failed' }>> {
    const endpoint = await this.warehouse.endpoint();
    const workerData: FitOrder = { ...order, endpoint, stop: this.#stop };
    const worker = new Worker(entry(), {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FitMessage) => {
        if (message.kind === 'progress') onProgress(message.progress);
        else if (message.kind !== 'failed') resolve(message);
        else if (message.unavailable) reject(new WarehouseUnavailable(message.message));
        else reject(new FitThreadEnded(message.message));
      });
      worker.once('error', (error) =>
        reject(new FitThreadEnded('the thread of a fit failed', { cause: error })),
      );
      worker.once('exit', () => reject(new FitThreadEnded('the thread of a fit ended without an answer')));
    });
  }
}

/** Node 20 runs no TypeScript: under the tests, which run the sources, the thread is that of the last build. */
function entry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? '../../../../dist/run/fit-worker.js'
    : '../../../../run/fit-worker.js';
  return fileURLToPath(new URL(built, import.meta.url));
}

import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { WarehouseUnavailable, type Warehouse } from '#warehouse';
import { FitThreadEnded } from '../errors.ts';
import type { FitOutcome } from '../fit/fit-book.ts';
import type { FitResult } from '../fit/fit-result.ts';
import type { FitAnswer, FitMessage, FitOrder } from './fit-message.ts';
import type { FitJob, FitProgress } from './run-fit.ts';

/** A million customers take some 1.5 GB; beyond this the thread ends, and the process lives. */
const MEMORY_MB = 4_096;

/** What a thread may hold while it waits: a large fit leaves ten times as much, which only its end gives back. */
const IDLE_BYTES = 128 * 1024 ** 2;

type Ended = Extract<FitMessage, { kind: 'ended' }>;

/** Who gave the order under way. */
interface Waiting {
  readonly onProgress: (progress: FitProgress) => void;
  readonly resolve: (ended: Ended) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that fits or scores, one order at a time; it reaches the tables by itself. It is kept from order to order,
 * because its start takes longer than a small fit. One that ends by itself is started again by the next order.
 */
export class FitThread {
  #worker: Worker | undefined;
  #stop: FitOrder['stop'] | undefined;
  #waiting: Waiting | undefined;
  #isBroken = false;

  constructor(private readonly warehouse: Warehouse) {}

  /** Starts the thread, so that the next order finds it running; not one that ended by itself, before an order did well. */
  warm(): void {
    if (!this.#isBroken) this.#started();
  }

  /** True while an order is under way. */
  get busy(): boolean {
    return this.#stop !== undefined;
  }

  /** Stops the order under way at its next step. */
  stop(): void {
    if (this.#stop !== undefined) Atomics.store(this.#stop, 0, 1);
  }

  /** Ends the thread; an order under way fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  /**
   * Runs a fit in the thread.
   *
   * @throws WarehouseUnavailable, FitThreadEnded
   */
  async fit(job: FitJob, onProgress: (progress: FitProgress) => void): Promise<FitOutcome> {
    const answer = await this.#run({ job }, onProgress);
    if (answer.kind !== 'fitted') throw new FitThreadEnded(`a fit answered ${answer.kind}`);
    return answer.outcome;
  }

  /**
   * Scores anew by a result, in the thread; answers how many people.
   *
   * @throws WarehouseUnavailable, FitThreadEnded
   */
  async rescore(job: FitJob, result: FitResult): Promise<number> {
    const answer = await this.#run({ job, result }, () => undefined);
    if (answer.kind !== 'rescored') throw new FitThreadEnded(`a scoring answered ${answer.kind}`);
    return answer.people;
  }

  async #run(
    what: Pick<FitOrder, 'job' | 'result'>,
    onProgress: (progress: FitProgress) => void,
  ): Promise<Exclude<FitAnswer, { kind: 'failed' }>> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    this.#stop = stop;
    try {
      const endpoint = await this.warehouse.endpoint();
      const worker = this.#started();
      const { answer, memory } = await new Promise<Ended>((resolve, reject) => {
        this.#waiting = { onProgress, resolve, reject };
        worker.postMessage({ ...what, endpoint, stop } satisfies FitOrder);
      });
      this.#isBroken = false;
      if (memory > IDLE_BYTES) await this.close();
      if (answer.kind !== 'failed') return answer;
      throw answer.unavailable
        ? new WarehouseUnavailable(answer.message)
        : new FitThreadEnded(answer.message);
    } finally {
      this.#stop = undefined;
      this.#waiting = undefined;
    }
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(entry(), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    worker.on('message', (message: FitMessage) => {
      if (message.kind === 'progress') this.#waiting?.onProgress(message.progress);
      else this.#waiting?.resolve(message);
    });
    worker.on('error', (cause) =>
      this.#waiting?.reject(new FitThreadEnded('the thread of a fit failed', { cause })),
    );
    worker.on('exit', () => {
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#isBroken = true;
      }
      this.#waiting?.reject(new FitThreadEnded('the thread of a fit ended without an answer'));
    });
    this.#worker = worker;
    return worker;
  }
}

/** Node 20 runs no TypeScript: under the tests, which run the sources, the thread is that of the last build. */
function entry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? '../../../../dist/run/fit-worker.js'
    : '../../../../run/fit-worker.js';
  return fileURLToPath(new URL(built, import.meta.url));
}

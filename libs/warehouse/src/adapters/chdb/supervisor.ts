import { setTimeout as sleep } from 'node:timers/promises';
import { WarehouseUnavailable } from '../../errors.ts';
import type { WarehouseEndpoint } from '../../warehouse.port.ts';
import type { Backend } from '../clickhouse/client-warehouse.ts';
import { startChild, type Child, type ChildExit } from './child.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** How long a caller waits for an engine that is starting again. */
const WAIT_MS = 10_000;
/** A child that lived so long has recovered: the next crash starts the pauses anew. */
const HEALTHY_MS = 30_000;

/** What a supervisor needs besides the directory. */
export interface SupervisorOptions {
  readonly path: string;
  /** A line that the engine wrote to its standard error. Holds no personal data, but may quote statements. */
  readonly log: (line: string) => void;
  /** Called at each unexpected end of the engine; it is started again by itself. */
  readonly onExit: (exit: ChildExit) => void;
}

/** Keeps one engine process alive: starts it again after a crash, with growing pauses. */
export class Supervisor implements Backend {
  #current: Promise<Child>;
  #pause = FIRST_PAUSE_MS;
  readonly #closing = new AbortController();

  private constructor(
    private readonly options: SupervisorOptions,
    first: Child,
  ) {
    this.#current = Promise.resolve(first);
    this.#watch(first);
  }

  /** Starts the engine. Throws `WarehouseUnavailable` if the first start fails: that is no crash to sit out. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    return new Supervisor(options, await startChild(options.path, options.log));
  }

  async endpoint(): Promise<WarehouseEndpoint> {
    return (await this.#child()).endpoint;
  }

  /** Id of the engine's process as it runs now. */
  async pid(): Promise<number> {
    return (await this.#child()).pid;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const child = await this.#current.catch(() => undefined);
    await child?.stop();
  }

  async #child(): Promise<Child> {
    const timer = new AbortController();
    const late = sleep(WAIT_MS, undefined, { signal: timer.signal, ref: false }).then(
      () => {
        throw new WarehouseUnavailable('the warehouse engine is starting again');
      },
      () => undefined as never,
    );
    try {
      return await Promise.race([this.#current, late]);
    } finally {
      timer.abort();
    }
  }

  #watch(child: Child): void {
    const since = performance.now();
    void child.exited.then((exit) => {
      if (this.#closing.signal.aborted) return;
      if (performance.now() - since > HEALTHY_MS) this.#pause = FIRST_PAUSE_MS;
      this.#current = this.#restart();
      this.#current.catch(() => undefined);
      this.options.onExit(exit);
    });
  }

  async #restart(): Promise<Child> {
    for (;;) {
      try {
        await sleep(this.#pause, undefined, { signal: this.#closing.signal });
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
        const child = await startChild(this.options.path, this.options.log);
        this.#watch(child);
        return child;
      } catch (error) {
        if (this.#closing.signal.aborted) throw new WarehouseUnavailable('the warehouse is closed');
        this.options.log(`warehouse engine: ${String(error)}`);
      }
    }
  }
}

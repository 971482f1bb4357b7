import { EngineError } from './engine-error.ts';

/** How many statements a {@link Gate} lets through. */
export interface GateLimits {
  /** Statements at once. */
  readonly running: number;
  /** Statements that wait for a place; beyond it they are turned away. */
  readonly waiting: number;
  /** The same for one caller; without them a caller may take everything. */
  readonly runningPerCaller?: number;
  readonly waitingPerCaller?: number;
}

interface Waiter {
  readonly caller: string;
  readonly start: () => void;
}

/**
 * Lets a fixed number of statements run at once and a fixed number wait. Beyond that callers get 202
 * TOO_MANY_SIMULTANEOUS_QUERIES instead of a queue that grows without end. Who has all places of its own waits
 * while others pass.
 */
export class Gate {
  #running = 0;
  readonly #runningOf = new Map<string, number>();
  #waiting: Waiter[] = [];

  constructor(private readonly limits: GateLimits) {}

  /** Takes a place; the function returned gives it back, once. */
  async enter(caller = ''): Promise<() => void> {
    if (this.#hasPlace(caller)) this.#take(caller);
    else await this.#wait(caller);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave(caller);
    };
  }

  #hasPlace(caller: string): boolean {
    const { running, runningPerCaller = running } = this.limits;
    return this.#running < running && (this.#runningOf.get(caller) ?? 0) < runningPerCaller;
  }

  #take(caller: string): void {
    this.#running++;
    this.#runningOf.set(caller, (this.#runningOf.get(caller) ?? 0) + 1);
  }

  async #wait(caller: string): Promise<void> {
    const { waiting, waitingPerCaller = waiting } = this.limits;
    const own = this.#waiting.filter((waiter) => waiter.caller === caller).length;
    if (this.#waiting.length >= waiting || own >= waitingPerCaller) {
      throw new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many simultaneous queries');
    }
    await new Promise<void>((start) => this.#waiting.push({ caller, start }));
  }

  #leave(caller: string): void {
    this.#running--;
    const others = (this.#runningOf.get(caller) ?? 1) - 1;
    if (others > 0) this.#runningOf.set(caller, others);
    else this.#runningOf.delete(caller);
    const next = this.#waiting.find((waiter) => this.#hasPlace(waiter.caller));
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
    this.#take(next.caller);
    next.start();
  }
}

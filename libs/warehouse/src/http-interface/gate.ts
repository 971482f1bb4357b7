import { EngineError } from './engine-error.ts';

/**
 * Lets a fixed number of statements run at once and a fixed number wait. Beyond that callers get 202
 * TOO_MANY_SIMULTANEOUS_QUERIES instead of a queue that grows without end.
 */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly queue: number,
  ) {}

  /** Takes a place; the function returned gives it back, once. */
  async enter(): Promise<() => void> {
    if (this.#running < this.places) this.#running++;
    else if (this.#waiting.length < this.queue) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      throw new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many simultaneous queries');
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    };
  }
}

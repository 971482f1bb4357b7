import type { Position } from '#kernel';

interface Waiter {
  readonly position: Position;
  readonly settle: (reached: boolean) => void;
}

/** How far a projection has come, for those who wait to read their own writes. */
export class Progress {
  #position: Position;
  #waiters: Waiter[] = [];

  constructor(start: Position) {
    this.#position = start;
  }

  /** Every wanted event up to here has had its effect. */
  get position(): Position {
    return this.#position;
  }

  /** True while somebody waits: a follower that batches for economy then hurries. */
  get awaited(): boolean {
    return this.#waiters.length > 0;
  }

  /** Moves forward; never back. Wakes those who waited for it. */
  advance(position: Position): void {
    if (position <= this.#position) return;
    this.#position = position;
    const ready = this.#waiters.filter((waiter) => waiter.position <= position);
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.position > position);
    for (const waiter of ready) waiter.settle(true);
  }

  /** True once `position` is reached, false after `timeoutMs`. */
  reached(position: Position, timeoutMs: number): Promise<boolean> {
    if (position <= this.#position) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      }, timeoutMs);
      this.#waiters.push(waiter);
    });
  }
}

/** Lets many users in at once, or one alone: while somebody waits to be alone, new users wait behind. */
export class SharedTurn {
  #users = 0;
  #left: (() => void) | undefined;
  #alone: Promise<void> | undefined;

  /** Runs work beside others. Throws what the work throws. */
  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      if (this.#users === 0) this.#left?.();
    }
  }

  /** Runs work once all others have left. Throws what the work throws; the next ones get their turn all the same. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    let done = (): void => undefined;
    this.#alone = new Promise((resolve) => (done = resolve));
    try {
      if (this.#users > 0) await new Promise<void>((resolve) => (this.#left = resolve));
      return await work();
    } finally {
      this.#left = undefined;
      this.#alone = undefined;
      done();
    }
  }
}

/** Runs tasks one after the other in the order they were given; one that fails does not stop the next. */
export class Lane {
  #tail: Promise<unknown> = Promise.resolve();

  /** Result of `task`, run when all tasks before it have ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when no task is left, also of those given meanwhile. */
  async idle(): Promise<void> {
    let tail;
    do {
      tail = this.#tail;
      await tail;
    } while (tail !== this.#tail);
  }
}

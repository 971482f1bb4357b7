/** Wakes a loop that waits for work. A call between two waits is not lost. */
export class Wake {
  #called = false;
  #resolve: (() => void) | undefined;

  /** There is work, or a reason to look. */
  call(): void {
    this.#called = true;
    this.#resolve?.();
  }

  /** Until called, or `timeoutMs` have passed. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#called = false;
    this.#resolve = undefined;
  }
}

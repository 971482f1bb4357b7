/** How long a waiting reader may miss an append of another process, in milliseconds. */
const POLL_MS = 200;

/** Wakes readers that have come to the end of the log. */
export class Arrivals {
  #last = 0;
  #ended = false;
  readonly #waiting = new Set<() => void>();

  /** True once the log is closing: readers end. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Appends up to this one are durable. */
  reached(append: number): void {
    this.#last = append;
    this.#wake();
  }

  /** Ends every wait, now and later. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Resolves when this append may be there, the signal aborts or the log closes. */
  async at(append: number, signal: AbortSignal): Promise<void> {
    if (this.#ended || signal.aborted || this.#last >= append) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** A statement ends itself at its limit, unless it waits for its reader or is deep in one step: seconds more. */
const GRACE_MS = 5_000;
/** A statement may be asked to end before the engine knows it: so it is asked again. */
const AGAIN_MS = 500;
/** What has not ended so long after it was asked never will. */
const DEATH_MS = 15_000;

/** Sees to it that a statement ends: asks the engine, and ends the process where that does not help. */
export class Watch {
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;
  #late = false;

  /** True if the statement was stopped because its time was over, whatever the engine calls it. */
  get late(): boolean {
    return this.#late;
  }

  constructor(private readonly kill: () => Promise<void>) {}

  /** Stops the statement some seconds behind its own limit. `onLate` lets go of who may hold it up. */
  stopAfter(limitSeconds: number, onLate: () => void): void {
    const late = (): void => {
      this.#late = true;
      onLate();
      this.stop();
    };
    this.#timers.push(setTimeout(late, limitSeconds * 1_000 + GRACE_MS));
  }

  /**
   * Asks the engine to end the statement. One that does not listen takes memory and a place from the others for
   * ever; so the process dies, the supervisor starts another, and inserts under way are sent again.
   */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    const ask = (): void => void this.kill().catch(() => undefined);
    ask();
    this.#timers.push(
      setInterval(ask, AGAIN_MS),
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), DEATH_MS),
    );
  }

  /** The statement has ended. */
  end(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    this.#stopping = true;
  }
}

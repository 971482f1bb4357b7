/** Lets calls with the same key run one after the other, in the order they came. */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` after all earlier work of the key has ended, however that ended. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const result = before === undefined ? work() : before.then(work, work);
    const settled = result.catch(() => undefined);
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    return result;
  }
}

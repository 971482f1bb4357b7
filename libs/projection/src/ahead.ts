/** Runs a source one step ahead of its consumer, so that both sides' waits for engines overlap. Order is kept. */
export async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (let step = await next; step.done !== true; step = await next) {
      next = source.next();
      yield step.value;
    }
  } finally {
    // The step under way may be waiting for the next event of the log: it ends when the source is aborted.
    next.catch(() => undefined);
    void source.return(undefined).catch(() => undefined);
  }
}

/** Result of an action that the browser may forbid or the page may break; `undefined` then. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // Nothing came of it.
  }
}

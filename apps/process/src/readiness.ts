/** Whether a process can do its work, and if not, what it waits for. */
export interface Readiness {
  /** What is not there, one sentence each; the process is ready when nothing is. Holds no secret. */
  readonly missing: readonly string[];
  /** The state of each part, in a word or two. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Told at every question, of a process that may be starting. Must not throw, and answer within seconds. */
export type ReadinessCheck = () => Promise<Readiness>;

/** An engine is asked for no longer than this: who asks for readiness would ask again meanwhile. */
const PATIENCE_MS = 2_000;

/** True if the engine answers in time. */
export async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([ask().then((answer) => answer !== false), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Operations } from '#apps/api';

/** How often it is looked whether newer rules were published: a look at a flag. */
const LOOK_MS = 200;

/** How long to wait after a rebuild that failed. */
const RETRY_MS = 30_000;

/**
 * Begins a rebuild whenever newer rules of identity are published than those that the projections fold by: also those
 * that a start finds, and those of a time in which a rebuild was under way. Ends when aborted.
 */
export async function rebuildForRules(
  outdated: () => boolean,
  operations: Operations,
  signal: AbortSignal,
): Promise<void> {
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal }).catch(() => undefined);
  const isRunning = (): boolean => operations.rebuildState.status === 'running';
  while (!signal.aborted) {
    await wait(LOOK_MS);
    if (signal.aborted || !outdated() || isRunning()) continue;
    operations.startRebuild();
    while (!signal.aborted && isRunning()) await wait(LOOK_MS);
    if (operations.rebuildState.status === 'failed') await wait(RETRY_MS);
  }
}

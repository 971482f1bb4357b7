import { setTimeout as pause } from 'node:timers/promises';
import type { LocalOperations } from './local-operations.ts';

/** How often it is looked whether the projections are outdated: a look at a flag. */
const LOOK_MS = 200;

/** How long to wait after a rebuild that failed. */
const RETRY_MS = 30_000;

/**
 * Begins a rebuild whenever another generation must take the place of the one that is read: newer rules of identity are
 * published than those that it folds by, or it holds what an erased person left with others. Also where a start finds
 * it so, or a rebuild under way leaves it so. Ends when aborted.
 */
export async function rebuildOutdated(
  outdated: () => boolean,
  operations: LocalOperations,
  signal: AbortSignal,
): Promise<void> {
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal }).catch(() => undefined);
  const isRunning = (): boolean => operations.rebuild.status === 'running';
  while (!signal.aborted) {
    await wait(LOOK_MS);
    if (signal.aborted || !outdated() || isRunning()) continue;
    operations.start();
    while (!signal.aborted && isRunning()) await wait(LOOK_MS);
    if (operations.rebuild.status === 'failed') await wait(RETRY_MS);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { LocalOperations } from './local-operations.ts';

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

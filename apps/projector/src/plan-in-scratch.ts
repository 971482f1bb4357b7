import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline, PlanOutcome, RulesOnTrial } from '#projection';
import { openRocksStateStore } from '#state-store';
import type { StateStore } from '#state-store';

/** Tries rules of identity in two state stores that are thrown away afterwards. One at a time. */
export async function planInScratch(
  stateDir: string,
  pipeline: Pipeline,
  trial: RulesOnTrial,
): Promise<PlanOutcome> {
  dropScratch(stateDir);
  const opened: StateStore[] = [];
  const open = async (name: string): Promise<StateStore> => {
    const store = await openRocksStateStore({ path: join(scratchDir(stateDir), name) });
    opened.push(store);
    return store;
  };
  try {
    const stores = { before: await open('before'), after: await open('after') };
    return await pipeline.planRules(trial, stores);
  } finally {
    for (const store of opened) await store.close();
    dropScratch(stateDir);
  }
}

/** Throws away what a plan left that a crash cut. */
export function dropScratch(stateDir: string): void {
  rmSync(scratchDir(stateDir), { recursive: true, force: true });
}

/** On the disk of the state, which has room for a state. */
function scratchDir(stateDir: string): string {
  return join(stateDir, 'plan');
}

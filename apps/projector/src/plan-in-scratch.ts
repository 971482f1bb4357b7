import type { Pipeline, PlanOutcome, RulesOnTrial } from '#projection';
import type { StateStore, StateStores } from '#state-store';

/** Tries rules of identity in two state stores that are thrown away afterwards. One at a time. */
export async function planInScratch(
  stores: StateStores,
  pipeline: Pipeline,
  trial: RulesOnTrial,
): Promise<PlanOutcome> {
  await stores.dropScratch();
  const opened: StateStore[] = [];
  const open = async (name: string): Promise<StateStore> => {
    const store = await stores.openScratch(name);
    opened.push(store);
    return store;
  };
  try {
    return await pipeline.planRules(trial, { before: await open('before'), after: await open('after') });
  } finally {
    for (const store of opened) await store.close();
    await stores.dropScratch();
  }
}

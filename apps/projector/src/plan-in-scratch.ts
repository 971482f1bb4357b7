import type { Pipeline, PlanOutcome, RulesOnTrial } from '#projection';
import type { StateStore, StateStores } from '#state-store';

/** Tries rules of identity in two state stores that are thrown away afterwards. One at a time. */
export async function planInScratch(
  states: StateStores,
  pipeline: Pipeline,
  trial: RulesOnTrial,
): Promise<PlanOutcome> {
  await states.dropScratch();
  const opened: StateStore[] = [];
  const open = async (name: string): Promise<StateStore> => {
    const store = await states.openScratch(name);
    opened.push(store);
    return store;
  };
  try {
    const stores = { before: await open('before'), after: await open('after') };
    return await pipeline.planRules(trial, stores);
  } finally {
    for (const store of opened) await store.close();
    await states.dropScratch();
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { comparePartitions, partitionReader } from '#identity';
import type { IdentityRules, PartitionDiff } from '#identity';
import type { Position, Workspace } from '#kernel';
import type { StateStore } from '#state-store';
import { readIdentityLog } from './identity-log.ts';
import type { IdentityLogParts } from './identity-log.ts';
import { Trial } from './trial.ts';

/** What is to be tried. */
export interface RulesOnTrial {
  readonly workspace: Workspace;
  /** Rules to compare with, and those on trial. */
  readonly before: IdentityRules;
  readonly after: IdentityRules;
  readonly signal: AbortSignal;
  readonly progress: PlanProgress;
}

/** How far a plan is: log positions while it folds, profiles (of a number not known before) while it compares. */
export type PlanProgress = (step: 'folding' | 'comparing', done: bigint, of: bigint | undefined) => void;

/** What the rules would do, or that nobody wants to know any more. */
export type PlanOutcome =
  | { readonly outcome: 'planned'; readonly position: Position; readonly diff: PartitionDiff }
  | { readonly outcome: 'cancelled' };

/**
 * Dry run of R12: tells people apart in all of the log up to its present head, by both rules at once, in two empty
 * state stores, and compares. Publishes nothing and changes nothing; identity only, so a fraction of a rebuild.
 */
export async function planRules(
  parts: IdentityLogParts,
  { workspace, before, after, signal, progress }: RulesOnTrial,
  stores: { readonly before: StateStore; readonly after: StateStore },
): Promise<PlanOutcome> {
  const [old, fresh] = [new Trial(stores.before, before), new Trial(stores.after, after)];
  const head = await parts.log.head();
  for await (const block of readIdentityLog(parts, workspace, head, signal)) {
    const { observations, commands, erasures, to } = block;
    const unmet = await old.unmet(observations);
    if (unmet.length > 0 || commands.length > 0 || erasures.length > 0) {
      await old.fold(unmet, commands, erasures);
      await fresh.fold(unmet, commands, erasures);
    }
    progress('folding', to, head);
    if (signal.aborted) break;
  }
  const breathe = async (compared: number): Promise<void> => {
    progress('comparing', BigInt(compared), undefined);
    await nextTurn();
    signal.throwIfAborted();
  };
  try {
    signal.throwIfAborted();
    const diff = await comparePartitions(
      partitionReader(stores.before),
      partitionReader(stores.after),
      breathe,
    );
    return { outcome: 'planned', position: head, diff };
  } catch (error) {
    if (signal.aborted) return { outcome: 'cancelled' };
    throw error;
  }
}

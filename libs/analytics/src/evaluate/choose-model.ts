import { type CountedHistory, historyTable } from '../history/purchase-history.ts';
import type { BuyingModel, TransactionModelName } from '../model/buying-model.ts';
import { type Cancelled, type FitResult, refuse, type Refused } from '../model/fit-result.ts';
import { fitTransactionModel } from '../model/fit-transaction-model.ts';
import { buyingModel } from '../model/transaction-models.ts';
import type { FitControl } from '../optimise/maximum-likelihood.ts';

/** A customer (or `count` equal ones) at an earlier cutoff and again at a later one; times in one unit. */
export interface SplitHistory {
  readonly earlier: CountedHistory;
  readonly later: CountedHistory;
  readonly count?: number;
}

/** How a model did on what it had not seen. */
export interface Candidate {
  readonly model: TransactionModelName;
  /** The fit up to the earlier cutoff. */
  readonly fit: FitResult<TransactionModelName>;
  /** ln P(purchases between the cutoffs | history up to the earlier one), total; null when refused. */
  readonly heldOutLogLikelihood: number | null;
}

/** The model that foretold best, with all that were tried. */
export type ModelChoice =
  | {
      readonly outcome: 'chosen';
      readonly model: TransactionModelName;
      readonly candidates: readonly Candidate[];
    }
  | (Refused & { readonly candidates: readonly Candidate[] })
  | Cancelled;

const CANDIDATES: readonly TransactionModelName[] = ['bg_nbd', 'mbg_nbd', 'pareto_nbd'];

/**
 * Log-likelihood of what happened between two cutoffs given what was known at the first:
 * Σ ln L(later history) − ln L(earlier history). Comparable between models: all are densities of the same purchase times.
 */
export function heldOutLogLikelihood(model: BuyingModel, customers: Iterable<SplitHistory>): number {
  let sum = 0;
  for (const { earlier, later, count = 1 } of customers) {
    sum += count * (model.logLikelihood(later) - model.logLikelihood(earlier));
  }
  return sum;
}

/**
 * Fits each model to the earlier histories and chooses the one with the highest held-out log-likelihood; ties go to
 * the simpler, which is named first. The caller fits the chosen one again to all data.
 */
export function chooseTransactionModel(
  customers: readonly SplitHistory[],
  control: FitControl = {},
): ModelChoice {
  const table = historyTable(customers.map(({ earlier, count = 1 }) => ({ ...earlier, count })));
  const candidates: Candidate[] = [];
  for (const model of CANDIDATES) {
    const fit = fitTransactionModel(model, table, control);
    if (fit.outcome === 'cancelled') return fit;
    candidates.push({
      model,
      fit,
      heldOutLogLikelihood:
        fit.outcome === 'fitted' ? heldOutLogLikelihood(buyingModel(model, fit.parameters), customers) : null,
    });
  }
  let best: Candidate | null = null;
  for (const candidate of candidates) {
    if (candidate.heldOutLogLikelihood === null) continue;
    if (best === null || candidate.heldOutLogLikelihood > (best.heldOutLogLikelihood as number))
      best = candidate;
  }
  if (best) return { outcome: 'chosen', model: best.model, candidates };
  const first = candidates[0]?.fit as Refused;
  return { ...refuse(first.reason, first.detail), candidates };
}

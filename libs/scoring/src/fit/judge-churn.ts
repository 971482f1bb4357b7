import {
  areaUnderRoc,
  buyingModel,
  type ChurnSplit,
  type Cancelled,
  DAYS_PER_UNIT,
  evaluateChurn,
  type FitControl,
  fitTransactionModel,
  historyTable,
  logisticProbability,
  PURCHASE_FEATURES,
  purchaseFeatures,
  type ProbabilityScores,
  scoreProbabilities,
  type TimeUnit,
  topShare,
  topShares,
  type TransactionModelName,
  UNCALIBRATED,
} from '#analytics';
import { laterPurchases, type PurchaseBook, summariseBook } from '../purchases/purchase-book.ts';
import { dateOf } from '../utc-day.ts';
import { churnSplits, type FitWindow } from './fit-plan.ts';
import type { ChurnJudgement, Gain, Named } from './fit-result.ts';

/** What is asked. */
export interface ChurnQuestion {
  readonly model: TransactionModelName;
  /** Of the fit to all customers at the window's cutoff: a split that lies there takes them, others start from them. */
  readonly parameters: Named;
  readonly window: FitWindow;
  readonly horizonDays: number;
  readonly unit: TimeUnit;
}

const REASONS = {
  too_few_customers: 'fewer than 50 customers had bought by one of the cutoffs',
  one_class: 'in one of the horizons everybody came back, or nobody did',
  not_converged: 'the logistic model has no maximum',
} as const;

/**
 * Judges churn across time (`evaluateChurn`): both models learn at an earlier cutoff and are judged a horizon later. Where
 * the data begin too late for an earlier cutoff, the probability model alone is judged, uncalibrated.
 */
export function judgeChurn(
  book: PurchaseBook,
  question: ChurnQuestion,
  control: FitControl,
): ChurnJudgement | Cancelled {
  const { window, horizonDays } = question;
  const splits = churnSplits(window, horizonDays);
  const nothing: ChurnJudgement = {
    horizonDays,
    scorer: 'probability_model',
    calibration: UNCALIBRATED,
    logisticModel: null,
    cutoff: null,
    earlierCutoff: null,
    earlierLogLoss: null,
    later: null,
    recencyWins: null,
    reason: `The data are too short to see a horizon of ${horizonDays} days: probabilities are not calibrated.`,
  };
  if (splits === null) return nothing;
  const later = splitAt(book, splits.later, question, control);
  if ('outcome' in later) return later;
  const cutoff = dateOf(splits.later);
  if (splits.earlier === null) {
    const reason = `The data are too short for two horizons of ${horizonDays} days: nothing could be learnt before the one that judges.`;
    return { ...nothing, cutoff, ...judgedAlone(later), reason };
  }
  const earlier = splitAt(book, splits.earlier, question, control);
  if ('outcome' in earlier) return earlier;
  const evaluation = evaluateChurn(PURCHASE_FEATURES, { earlier, later });
  if (evaluation.outcome === 'refused') {
    const reason = `No logistic model and no calibration: ${REASONS[evaluation.reason]}.`;
    return { ...nothing, cutoff, ...judgedAlone(later), reason };
  }
  const { chosen, calibration, logisticModel, earlierLogLoss, recencyWins } = evaluation;
  const { probabilityModel, logistic, chosenCalibrated: used, recency } = evaluation.later;
  return {
    horizonDays,
    scorer: chosen,
    calibration,
    logisticModel,
    cutoff,
    earlierCutoff: dateOf(splits.earlier),
    earlierLogLoss,
    later: {
      probabilityModel,
      logistic,
      used,
      recency: { auc: recency.auc, topDecile: recency.topDecile },
      gains: gainsOf(
        later,
        chosen === 'logistic' || later.pNoPurchase === null
          ? later.features.map((row) => logisticProbability(logisticModel, row))
          : later.pNoPurchase,
      ),
    },
    recencyWins,
    reason: null,
  };
}

/** Customers at a cutoff, with the probabilities of a model fitted up to it. */
function splitAt(
  book: PurchaseBook,
  cutoff: number,
  { model, parameters, window, horizonDays, unit }: ChurnQuestion,
  control: FitControl,
): ChurnSplit | Cancelled {
  const { customers, rows } = summariseBook(book, cutoff, unit);
  const fit =
    cutoff === window.cutoff
      ? ({ outcome: 'fitted', parameters } as const)
      : fitTransactionModel(model, historyTable(customers), control, parameters);
  if (fit.outcome === 'cancelled') return fit;
  const fitted = fit.outcome === 'fitted' ? buyingModel(model, fit.parameters) : null;
  const later = laterPurchases(book, rows, { cutoff, until: cutoff + horizonDays });
  return {
    features: customers.map((customer) => purchaseFeatures(customer, unit)),
    pNoPurchase:
      fitted && customers.map((customer) => fitted.pNoPurchase(horizonDays / DAYS_PER_UNIT[unit], customer)),
    recency: customers.map(({ T, tX }) => T - tX),
    churned: later.map(({ purchases }) => purchases === 0),
  };
}

/** The probability model beside the baseline, without anything learnt earlier. */
function judgedAlone(split: ChurnSplit): Pick<ChurnJudgement, 'later' | 'recencyWins'> {
  const { pNoPurchase, recency, churned } = split;
  if (pNoPurchase === null || pNoPurchase.length === 0) return { later: null, recencyWins: null };
  const used = scoreProbabilities(pNoPurchase, churned) as ProbabilityScores;
  const baseline = { auc: areaUnderRoc(recency, churned), topDecile: topShare(recency, churned) };
  return {
    later: {
      probabilityModel: used,
      logistic: null,
      used,
      recency: baseline,
      gains: gainsOf(split, pNoPurchase),
    },
    recencyWins: used.auc === null || baseline.auc === null ? null : baseline.auc >= used.auc,
  };
}

const GAIN_SHARES = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);

/** Calibration keeps the order, so it changes no gain. */
function gainsOf({ recency, churned }: ChurnSplit, used: readonly number[]): Gain[] {
  const byUsed = topShares(used, churned, GAIN_SHARES);
  const byRecency = topShares(recency, churned, GAIN_SHARES);
  return GAIN_SHARES.map((share, i) => ({
    share,
    used: byUsed[i]?.capture ?? null,
    recency: byRecency[i]?.capture ?? null,
  }));
}

import { type Calibration, calibrate, fitCalibration } from './churn-band.ts';
import { fitLogistic, type LogisticModel, logisticProbability } from './logistic-regression.ts';
import { type ProbabilityScores, scoreProbabilities } from './probability-scores.ts';
import { areaUnderRoc, topShare, type TopShare } from './ranking.ts';

/** Customers at a cutoff: features and probabilities from data up to it, outcomes from the horizon after it. */
export interface ChurnSplit {
  /** Feature values per customer, in the order of the names. */
  readonly features: readonly (readonly number[])[];
  /** P(no purchase in the horizon) of a transaction model fitted up to this cutoff; null where none could be fitted. */
  readonly pNoPurchase: readonly number[] | null;
  /** Time since the last purchase or activity, any unit. */
  readonly recency: readonly number[];
  /** True: nothing came in (cutoff, cutoff + horizon]. */
  readonly churned: readonly boolean[];
}

/** What may give the churn probability. */
export type ChurnScorer = 'probability_model' | 'logistic' | 'recency';

/** Both models on the later split, the recency baseline beside them, and which one is to be used. */
export type ChurnEvaluation =
  | {
      readonly outcome: 'evaluated';
      /** Chosen by log loss on the earlier split; the later one only judges. */
      readonly chosen: Exclude<ChurnScorer, 'recency'>;
      /** Log loss on the earlier split; the logistic model's is out of fold. */
      readonly earlierLogLoss: { readonly probabilityModel: number | null; readonly logistic: number };
      /** On the later split, before calibration. */
      readonly later: {
        readonly probabilityModel: ProbabilityScores | null;
        readonly logistic: ProbabilityScores;
        /** The chosen one after calibration. */
        readonly chosenCalibrated: ProbabilityScores;
        /** Ranking by time since the last purchase alone, and its probabilities by a logistic model of one feature. */
        readonly recency: {
          readonly auc: number | null;
          readonly topDecile: TopShare;
          readonly scores: ProbabilityScores;
        };
      };
      /** Whether the baseline ranks at least as well as the chosen one. */
      readonly recencyWins: boolean;
      /** Of the chosen one, learnt on the earlier split. */
      readonly calibration: Calibration;
      /** Trained on the whole earlier split. */
      readonly logisticModel: LogisticModel;
    }
  | { readonly outcome: 'refused'; readonly reason: 'too_few_customers' | 'one_class' | 'not_converged' };

/** Below this a fold has too few of either class. */
const FEWEST_CUSTOMERS = 50;
const FOLDS = 5;

/**
 * Time-split evaluation of churn: models learn on the earlier cutoff and are judged on the later one, with the same horizon.
 * Deterministic: folds go by position.
 */
export function evaluateChurn(
  featureNames: readonly string[],
  { earlier, later }: { earlier: ChurnSplit; later: ChurnSplit },
): ChurnEvaluation {
  if (Math.min(earlier.churned.length, later.churned.length) < FEWEST_CUSTOMERS) {
    return { outcome: 'refused', reason: 'too_few_customers' };
  }
  if (oneClass(earlier.churned) || oneClass(later.churned))
    return { outcome: 'refused', reason: 'one_class' };
  const whole = fitLogistic(featureNames, earlier.features, earlier.churned);
  const baseline = fitLogistic(['recency'], columnOf(earlier.recency), earlier.churned);
  const outOfFold = probabilitiesOutOfFold(featureNames, earlier);
  if (whole.outcome === 'refused' || baseline.outcome === 'refused' || outOfFold === null) {
    return { outcome: 'refused', reason: 'not_converged' };
  }
  const score = (p: readonly number[], churned: readonly boolean[]): ProbabilityScores =>
    scoreProbabilities(p, churned) as ProbabilityScores;
  const earlierLogistic = score(outOfFold, earlier.churned).logLoss;
  const earlierModel =
    earlier.pNoPurchase && later.pNoPurchase ? score(earlier.pNoPurchase, earlier.churned).logLoss : null;
  const chosen = earlierModel === null || earlierLogistic < earlierModel ? 'logistic' : 'probability_model';

  const laterLogistic = later.features.map((row) => logisticProbability(whole.model, row));
  const logisticScores = score(laterLogistic, later.churned);
  const modelScores = later.pNoPurchase ? score(later.pNoPurchase, later.churned) : null;
  const calibration = fitCalibration(
    chosen === 'logistic' ? outOfFold : (earlier.pNoPurchase as readonly number[]),
    earlier.churned,
  );
  const laterChosen = chosen === 'logistic' ? laterLogistic : (later.pNoPurchase as readonly number[]);
  const recencyAuc = areaUnderRoc(later.recency, later.churned);
  return {
    outcome: 'evaluated',
    chosen,
    earlierLogLoss: { probabilityModel: earlierModel, logistic: earlierLogistic },
    later: {
      probabilityModel: modelScores,
      logistic: logisticScores,
      chosenCalibrated: score(
        laterChosen.map((p) => calibrate(calibration, p)),
        later.churned,
      ),
      recency: {
        auc: recencyAuc,
        topDecile: topShare(later.recency, later.churned),
        scores: score(
          columnOf(later.recency).map((row) => logisticProbability(baseline.model, row)),
          later.churned,
        ),
      },
    },
    recencyWins: (recencyAuc as number) >= (areaUnderRoc(laterChosen, later.churned) as number),
    calibration,
    logisticModel: whole.model,
  };
}

/** Each customer's probability from a model trained without the fold that holds the customer. */
function probabilitiesOutOfFold(featureNames: readonly string[], split: ChurnSplit): number[] | null {
  const probabilities = new Array<number>(split.churned.length).fill(0);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const inFold = (_: unknown, i: number): boolean => i % FOLDS === fold;
    const others = (_: unknown, i: number): boolean => i % FOLDS !== fold;
    const fit = fitLogistic(featureNames, split.features.filter(others), split.churned.filter(others));
    if (fit.outcome === 'refused') return null;
    split.features.filter(inFold).forEach((row, i) => {
      probabilities[i * FOLDS + fold] = logisticProbability(fit.model, row);
    });
  }
  return probabilities;
}

function columnOf(values: readonly number[]): number[][] {
  return values.map((v) => [Math.log1p(v)]);
}

function oneClass(outcomes: readonly boolean[]): boolean {
  return outcomes.every((y) => y === outcomes[0]);
}

import { areaUnderRoc, topShare, type TopShare } from './ranking.ts';

/** One tenth of the probability scale, with what was said and what came. */
export interface ReliabilityBin {
  readonly from: number;
  /** Exclusive, but for 1. */
  readonly to: number;
  readonly customers: number;
  readonly meanPredicted: number;
  readonly observed: number;
}

/** How good probabilities of an event were, over the same customers. */
export interface ProbabilityScores {
  readonly customers: number;
  /** Share of customers to whom the event came. */
  readonly baseRate: number;
  /** Null when all or none had the event. */
  readonly auc: number | null;
  /** Mean squared difference of probability and outcome. */
  readonly brier: number;
  /** 1 − Brier/Brier of always saying the base rate; null when all or none had the event. */
  readonly brierSkill: number | null;
  /** Mean −ln of the probability given to what came; probabilities are held 1e-15 away from 0 and 1. */
  readonly logLoss: number;
  /** Mean |predicted − observed| over the ten bins, weighted by customers. */
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
  readonly topDecile: TopShare;
}

const CLIP = 1e-15;
const BINS = 10;

/** Scores probabilities against outcomes, position by position; null without customers. */
export function scoreProbabilities(
  probabilities: readonly number[],
  outcomes: readonly boolean[],
): ProbabilityScores | null {
  const n = probabilities.length;
  if (n === 0) return null;
  const bins = Array.from({ length: BINS }, () => ({ customers: 0, predicted: 0, observed: 0 }));
  let [brier, logLoss, events] = [0, 0, 0];
  probabilities.forEach((p, i) => {
    const y = outcomes[i] === true ? 1 : 0;
    const clipped = Math.min(1 - CLIP, Math.max(CLIP, p));
    const bin = bins[Math.min(BINS - 1, Math.floor(p * BINS))] as (typeof bins)[number];
    events += y;
    brier += (p - y) ** 2;
    logLoss -= y === 1 ? Math.log(clipped) : Math.log1p(-clipped);
    bin.customers += 1;
    bin.predicted += p;
    bin.observed += y;
  });
  const baseRate = events / n;
  const spread = baseRate * (1 - baseRate);
  return {
    customers: n,
    baseRate,
    auc: areaUnderRoc(probabilities, outcomes),
    brier: brier / n,
    brierSkill: spread === 0 ? null : 1 - brier / n / spread,
    logLoss: logLoss / n,
    calibrationError: bins.reduce((sum, bin) => sum + Math.abs(bin.predicted - bin.observed), 0) / n,
    reliability: bins.flatMap((bin, i) =>
      bin.customers === 0
        ? []
        : [
            {
              from: i / BINS,
              to: (i + 1) / BINS,
              customers: bin.customers,
              meanPredicted: bin.predicted / bin.customers,
              observed: bin.observed / bin.customers,
            },
          ],
    ),
    topDecile: topShare(probabilities, outcomes),
  };
}

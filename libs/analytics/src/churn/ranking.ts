/**
 * Area under the ROC curve: P(a positive scores higher than a negative), ties count one half (mid-ranks). Null when one
 * of the classes is empty.
 */
export function areaUnderRoc(scores: readonly number[], positive: readonly boolean[]): number | null {
  let [rankSum, positives, from] = [0, 0, 0];
  for (const step of ascending(scores, positive)) {
    const to = from + step.customers;
    rankSum += (step.positives * (from + to + 1)) / 2;
    positives += step.positives;
    from = to;
  }
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** What the highest scores hold. */
export interface TopShare {
  /** ⌈share · N⌉ customers. */
  readonly customers: number;
  /** Positives among them; a tie across the edge counts pro rata, so it may be a fraction. */
  readonly positives: number;
  /** Rate of positives among them over the rate among all; null without positives. */
  readonly lift: number | null;
  /** Share of all positives that are among them; null without positives. */
  readonly capture: number | null;
}

/** Positives among the highest-scoring share of customers; by default the top decile. */
export function topShare(scores: readonly number[], positive: readonly boolean[], share = 0.1): TopShare {
  return topShares(scores, positive, [share])[0] as TopShare;
}

/** The same for several shares. */
export function topShares(
  scores: readonly number[],
  positive: readonly boolean[],
  shares: readonly number[],
): TopShare[] {
  const steps = ascending(scores, positive).reverse();
  const all = steps.reduce((sum, step) => sum + step.positives, 0);
  return shares.map((share) => {
    const customers = Math.ceil(share * scores.length);
    let [found, from] = [0, 0];
    for (const step of steps) {
      if (from >= customers) break;
      found += (step.positives * Math.min(step.customers, customers - from)) / step.customers;
      from += step.customers;
    }
    return {
      customers,
      positives: found,
      lift: all === 0 ? null : found / customers / (all / scores.length),
      capture: all === 0 ? null : found / all,
    };
  });
}

/** Customers of one score. */
interface Step {
  customers: number;
  positives: number;
}

/** Customers by score. Numbers without their owners are sorted by the engine itself, many times as fast. */
function ascending(scores: readonly number[], positive: readonly boolean[]): Step[] {
  const steps = new Map<number, Step>();
  for (const score of Float64Array.from(scores).sort()) {
    const step = steps.get(score);
    if (step === undefined) steps.set(score, { customers: 1, positives: 0 });
    else step.customers += 1;
  }
  scores.forEach((score, i) => {
    if (positive[i] === true) (steps.get(score) as Step).positives += 1;
  });
  return [...steps.values()];
}

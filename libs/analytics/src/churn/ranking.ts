/**
 * Area under the ROC curve: P(a positive scores higher than a negative), ties count one half (mid-ranks). Null when one
 * of the classes is empty.
 */
export function areaUnderRoc(scores: readonly number[], positive: readonly boolean[]): number | null {
  const order = byScore(scores);
  let [rankSum, positives] = [0, 0];
  for (let from = 0; from < order.length;) {
    const to = endOfTie(scores, order, from);
    const inTie = countPositive(order, positive, from, to);
    rankSum += (inTie * (from + to + 1)) / 2;
    positives += inTie;
    from = to;
  }
  const negatives = order.length - positives;
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
  const order = byScore(scores).reverse();
  const customers = Math.ceil(share * order.length);
  let found = 0;
  for (let from = 0; from < customers;) {
    const to = endOfTie(scores, order, from);
    const taken = Math.min(to, customers) - from;
    found += (countPositive(order, positive, from, to) * taken) / (to - from);
    from = to;
  }
  const all = positive.reduce((sum, p) => sum + Number(p), 0);
  return {
    customers,
    positives: found,
    lift: all === 0 ? null : found / customers / (all / order.length),
    capture: all === 0 ? null : found / all,
  };
}

function byScore(scores: readonly number[]): Uint32Array {
  return Uint32Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
}

function endOfTie(scores: readonly number[], order: Uint32Array, from: number): number {
  const score = scores[order[from] as number];
  let to = from + 1;
  while (to < order.length && scores[order[to] as number] === score) to += 1;
  return to;
}

function countPositive(order: Uint32Array, positive: readonly boolean[], from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) if (positive[order[i] as number]) count += 1;
  return count;
}

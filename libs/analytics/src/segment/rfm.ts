import { quantile } from './quantile.ts';

/** A customer for RFM. */
export interface RfmInput {
  /** Days from the last purchase to the reference day. */
  readonly recency: number;
  /** Purchase days. */
  readonly frequency: number;
  /** Revenue of all purchases, money. */
  readonly money: number;
}

/** Scores 1 (worst) to 5 (best). */
export interface RfmScore {
  readonly r: number;
  readonly f: number;
  readonly m: number;
}

/** Scores in the order of the customers, and the edges that made them. */
export interface Rfm {
  readonly scores: readonly RfmScore[];
  /** The 20, 40, 60 and 80 % quantiles (type 7) of each measure. */
  readonly edges: {
    readonly recency: readonly number[];
    readonly frequency: readonly number[];
    readonly money: readonly number[];
  };
}

const SHARES = [0.2, 0.4, 0.6, 0.8];

/**
 * RFM by quintiles of each measure. The tie rule: a score counts the edges strictly below the value, so equal values always
 * score the same, and where many customers are equal a score may stay empty. Recency is reversed: recent is 5.
 */
export function rfm(customers: readonly RfmInput[]): Rfm {
  const edgesOf = (pick: (customer: RfmInput) => number): number[] => {
    const sorted = Float64Array.from(customers, pick).sort();
    return sorted.length === 0 ? [] : SHARES.map((share) => quantile(sorted, share));
  };
  const edges = {
    recency: edgesOf((c) => c.recency),
    frequency: edgesOf((c) => c.frequency),
    money: edgesOf((c) => c.money),
  };
  return {
    scores: customers.map((c) => ({
      r: 5 - below(edges.recency, c.recency),
      f: 1 + below(edges.frequency, c.frequency),
      m: 1 + below(edges.money, c.money),
    })),
    edges,
  };
}

function below(edges: readonly number[], value: number): number {
  return edges.reduce((count, edge) => count + Number(edge < value), 0);
}

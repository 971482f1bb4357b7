import type { FitResult } from '#scoring';

/** People with a lifetime value between two bounds. */
export interface ValueBin {
  /** Money; 0 for those who are worth nothing. */
  readonly from: number;
  readonly to: number;
  readonly people: number;
}

/** A cell of the RFM map. */
export interface RfmCell {
  readonly r: number;
  readonly f: number;
  readonly people: number;
  /** Mean revenue, money. */
  readonly revenue: number;
}

/** What the page is made of. No person is in it. */
export interface ClvReport {
  readonly runId: string;
  /** When the fit ended, ISO 8601 UTC. */
  readonly endedAt: string;
  readonly horizonDays: number;
  readonly margin: number;
  readonly discountRate: number;
  readonly timeUnit: string;
  readonly result: FitResult;
  readonly totals: {
    readonly people: number;
    readonly clv: number;
    readonly orders365: number;
    readonly meanChurn: number;
    /** Of the 10 % of people with the highest values: their share of all value. */
    readonly topShare: number;
  };
  readonly values: readonly ValueBin[];
  readonly rfm: readonly RfmCell[];
}

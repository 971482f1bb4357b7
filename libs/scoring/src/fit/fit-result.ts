import type {
  Calibration,
  FrequencyRow,
  LogisticModel,
  PredictionErrors,
  ProbabilityScores,
  TopShare,
  TrackingRow,
  TransactionModelName,
} from '#analytics';
import type { FitReason } from '#config';

/** Numbers by parameter name. */
export type Named = Readonly<Record<string, number>>;

/** A model with its maximum. Times are in the unit of the request, money in its currency. */
export interface FittedModel<Name extends string> {
  readonly model: Name;
  readonly parameters: Named;
  readonly standardErrors: Named;
  /** Total, natural logarithm. */
  readonly logLikelihood: number;
  /** Largest derivative of the mean log-likelihood by a parameter's logarithm: nearly 0 at a maximum. */
  readonly gradientNorm: number;
  readonly evaluations: number;
  readonly customers: number;
}

/** What a purchase is worth: Gamma-Gamma, or why not and what is taken instead. */
export interface SpendFit {
  readonly fit: FittedModel<'gamma_gamma'> | null;
  readonly reason: FitReason | null;
  /** Mean revenue of a purchase day, over all, money: what is taken for everybody where there is no fit. */
  readonly fallback: number;
  /** Pearson, of repeat purchases and their mean value; the model takes them as independent. `null`: none varies. */
  readonly correlation: number | null;
}

/** A model that `auto` tried. */
export interface Candidate {
  readonly model: TransactionModelName;
  /** Of the purchases in the held-out days, given those before; `null` where there is no fit. */
  readonly heldOutLogLikelihood: number | null;
  readonly reason: FitReason | null;
}

/** How predictions did on purchases that the model had not seen. Dates are UTC days. */
export interface HeldOut {
  /** Last day that the predictions knew of. */
  readonly cutoff: string;
  /** Last day of the purchases that they are compared with. */
  readonly until: string;
  /** True: a model of its own was fitted up to the cutoff. False: it lies at the fit's own. */
  readonly refitted: boolean;
  readonly orders: PredictionErrors;
  readonly revenue: PredictionErrors | null;
  /** Mean purchases by repeat purchases before the cutoff. */
  readonly byFrequency: readonly FrequencyRow[];
}

/** What gives churn probabilities, and how good they were on a later cutoff. */
export interface ChurnJudgement {
  readonly horizonDays: number;
  readonly scorer: 'probability_model' | 'logistic';
  readonly calibration: Calibration;
  /** Learnt on the earlier split; used for scores where `scorer` says so. `null` where there was too little history. */
  readonly logisticModel: LogisticModel | null;
  /** Cutoff at which everything is judged; `null`: there is no day far enough back. */
  readonly cutoff: string | null;
  /** Cutoff at which the logistic model and the calibration were learnt. */
  readonly earlierCutoff: string | null;
  readonly earlierLogLoss: { readonly probabilityModel: number | null; readonly logistic: number } | null;
  readonly later: ChurnScores | null;
  /** True where time since the last purchase alone ranks at least as well as what is used. */
  readonly recencyWins: boolean | null;
  /** Why something is missing; `null` where nothing is. */
  readonly reason: string | null;
}

/** Scores of churn probabilities at one cutoff. */
export interface ChurnScores {
  readonly probabilityModel: ProbabilityScores | null;
  readonly logistic: ProbabilityScores | null;
  /** What is used, after calibration. */
  readonly used: ProbabilityScores;
  /** The baseline: time since the last purchase, longest first. */
  readonly recency: { readonly auc: number | null; readonly topDecile: TopShare };
  /** Share of those who stayed away that is among the highest scores, by share of customers. */
  readonly gains: readonly Gain[];
}

/** What the highest scores of a share of customers hold of those who stayed away, by what is used and by the baseline. */
export interface Gain {
  readonly share: number;
  readonly used: number | null;
  readonly recency: number | null;
}

/** What a fit came to, as its event keeps it. No personal data: figures over all customers only. */
export interface FitResult extends FittedModel<TransactionModelName | 'gamma_gamma'> {
  readonly basis: 'purchases' | 'activity';
  readonly currency: string;
  /** First and last UTC day that counted. */
  readonly start: string;
  readonly cutoff: string;
  /** Newest UTC day of the data when it was fitted. */
  readonly newest: string;
  readonly dataDigest: string;
  readonly purchaseDays: number;
  readonly repeatCustomers: number;
  readonly revenue: number;
  readonly spend: SpendFit | null;
  readonly candidates: readonly Candidate[];
  readonly heldOut: HeldOut | null;
  readonly tracking: readonly TrackingRow[];
  readonly churn: ChurnJudgement | null;
  readonly lifecycle: { readonly activeDays: number; readonly lapsedDays: number };
  /** What a reader must know before trusting it, a sentence each. */
  readonly warnings: readonly string[];
}

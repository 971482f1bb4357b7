import type { Parameters } from './buying-model.ts';

/** Why a fit gives no numbers. */
export type RefusalReason =
  | 'too_few_customers'
  | 'too_few_repeat_customers'
  | 'no_repeat_purchases'
  | 'no_time_after_purchases'
  | 'no_positive_spend'
  | 'constant_spend'
  | 'infinite_mean_spend'
  | 'parameter_without_bound'
  | 'not_identified';

/** The data do not carry the model: a reason for machines and a sentence for people, and never a number. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** The caller's signal stopped it. */
export interface Cancelled {
  readonly outcome: 'cancelled';
}

/** A maximum of the likelihood with what is needed to judge it. */
export interface Fitted<Name extends string> {
  readonly outcome: 'fitted';
  readonly model: Name;
  readonly parameters: Parameters;
  /** Standard error of each parameter, in its unit (inverse Hessian of the log-likelihood, delta method). */
  readonly standardErrors: Parameters;
  /** Covariance in the order of `Object.keys(parameters)`. */
  readonly covariance: readonly (readonly number[])[];
  /** Total, natural logarithm, all constants of the published formula included. */
  readonly logLikelihood: number;
  /** Largest derivative of the mean log-likelihood per customer by a parameter's logarithm: nearly 0 at a maximum. */
  readonly gradientNorm: number;
  /** Customers whose histories entered the likelihood. */
  readonly customers: number;
  readonly evaluations: number;
}

/** A fit, or why there is none. */
export type FitResult<Name extends string> = Fitted<Name> | Refused | Cancelled;

/** A refusal. */
export function refuse(reason: RefusalReason, detail: string): Refused {
  return { outcome: 'refused', reason, detail };
}

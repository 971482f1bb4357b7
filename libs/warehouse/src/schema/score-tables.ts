import { IS_DELETED, JSON_TEXT, NAME, TIME, WORKSPACE } from './columns.ts';
import { type Column, STORE, type Table } from './table.ts';

const RUN_ID: Column = {
  name: 'run_id',
  type: 'UUID',
  comment: 'Fit that it comes from; join with model_runs.',
};
const MODEL: Column = {
  name: 'model',
  type: NAME,
  comment: 'bg_nbd, mbg_nbd, pareto_nbd or gamma_gamma; of a fit of auto the one that was chosen.',
};
const BASIS: Column = {
  name: 'basis',
  type: NAME,
  comment: 'What was counted: purchases, or activity where there is no commerce.',
};
const CURRENCY: Column = {
  name: 'currency',
  type: NAME,
  comment: 'ISO 4217 of its money. Empty where activity was counted.',
};

const HORIZONS = [30, 90, 180, 365] as const;

/** Scores of people by the fit that made them. Each fit has a partition, so that the next one replaces it in one step. */
export const PROFILE_SCORES: Table = {
  name: 'profile_scores',
  comment: 'What a model says of a person.',
  columns: [
    WORKSPACE,
    { name: 'profile_id', type: 'UUID', comment: 'Person. One row each.' },
    RUN_ID,
    MODEL,
    BASIS,
    CURRENCY,
    {
      name: 'cutoff',
      type: 'Date32',
      comment: 'Last UTC day that the score knows of: that of the fit, or of a purchase since.',
    },
    { name: 'first_purchase_on', type: 'Date32', comment: 'UTC day of the first purchase (or activity).' },
    { name: 'last_purchase_on', type: 'Date32', comment: 'UTC day of the last purchase (or activity).' },
    {
      name: 'purchase_days',
      type: 'UInt32',
      comment: 'Days with a purchase (or activity); orders of one day are one.',
    },
    { name: 'revenue', type: 'Float64', comment: 'Net revenue of these days, money.' },
    { name: 'p_alive', type: 'Float64', comment: 'Probability of still being a customer. Not 1 - churn.' },
    ...HORIZONS.map((days) => ({
      name: `expected_orders_${days}d`,
      type: 'Float64',
      comment: `Expected days with a purchase in the ${days} days after the cutoff. 0 where activity was counted.`,
    })),
    ...HORIZONS.map((days) => ({
      name: `expected_revenue_${days}d`,
      type: 'Float64',
      comment: `Expected net revenue in the ${days} days after the cutoff, money.`,
    })),
    {
      name: 'expected_spend',
      type: 'Float64',
      comment: 'Expected net revenue of a day with a purchase, money.',
    },
    {
      name: 'clv',
      type: 'Float64',
      comment: "Discounted margin expected within the fit's horizon, money at the cutoff.",
    },
    {
      name: 'clv_infinite',
      type: 'Nullable(Float64)',
      comment: 'The same without an end. NULL where the model has no closed form: all but pareto_nbd.',
    },
    {
      name: 'churn_probability',
      type: 'Float64',
      comment: "Calibrated probability of no purchase (or activity) in the fit's churn horizon.",
    },
    { name: 'churn_band', type: NAME, comment: 'low (below 0.3), medium, high (from 0.7).' },
    {
      name: 'churn_reasons',
      ...JSON_TEXT,
      comment: 'What moves the probability, strongest first: JSON [{feature, value, contribution}].',
    },
    {
      name: 'fingerprint',
      type: 'UInt64',
      comment: 'Hash of the purchases that it was computed from.',
      hidden: true,
    },
    IS_DELETED,
  ],
  engine: 'ReplacingMergeTree',
  partitionBy: 'run_id',
  orderBy: ['workspace', 'run_id', 'profile_id'],
};

/** A fit that has ended per row, from its events in the log. */
export const MODEL_RUNS: Table = {
  name: 'model_runs',
  comment: 'A fit that has ended.',
  columns: [
    WORKSPACE,
    RUN_ID,
    { name: 'ordinal', type: 'UInt32', comment: 'Number of the fit in the order of their ends, from 1.' },
    { name: 'status', type: NAME, comment: 'succeeded or failed.' },
    { name: 'reason', type: 'String', comment: 'Why it failed, in a sentence. Empty where it succeeded.' },
    MODEL,
    BASIS,
    CURRENCY,
    { name: 'trained_at', type: TIME, comment: 'When it ended. UTC, ms.' },
    { name: 'cutoff', type: 'Date32', comment: 'Last UTC day of its data. 1970-01-01 where it failed.' },
    { name: 'customers', type: 'UInt64', comment: 'Customers whose purchases were fitted.' },
    {
      name: 'parameters',
      ...JSON_TEXT,
      comment: 'Parameters by name, JSON. Times in the unit of the request.',
    },
    { name: 'standard_errors', ...JSON_TEXT, comment: 'Standard errors of the parameters, JSON.' },
    {
      name: 'log_likelihood',
      type: 'Nullable(Float64)',
      comment: 'Total, natural logarithm. NULL where it failed.',
    },
    {
      name: 'metrics',
      ...JSON_TEXT,
      comment: 'How wrong it is, JSON: heldOut, byFrequency, tracking, churn, spend, candidates.',
    },
    {
      name: 'data_digest',
      type: 'String',
      comment: 'SHA-256, hex, of the purchases that were fitted. Empty where it failed.',
    },
    { name: 'request', ...JSON_TEXT, comment: 'What was asked, JSON.' },
    {
      name: 'active_days',
      type: 'UInt32',
      comment: 'Silence up to which a customer is active: three quarters of all gaps are not longer. Days.',
    },
    {
      name: 'lapsed_days',
      type: 'UInt32',
      comment: 'Silence beyond which a customer has lapsed: 95 % of all gaps are not longer. Days.',
    },
    { name: 'scored', type: 'UInt8', comment: '1 for a fit that gives scores.', hidden: true },
  ],
  engine: 'ReplacingMergeTree(ordinal)',
  orderBy: ['workspace', 'run_id'],
};

/** Tables that outlive generations: what stands in them follows from the log, but not from the folds. */
export const LASTING_TABLES: readonly Table[] = [PROFILE_SCORES, MODEL_RUNS];

/** Raised by every change of their columns: the next start then makes and fills new ones. */
const LASTING_SCHEMA = 1;

/** Qualified name of a table that outlives generations. */
export function lastingName(table: Table): string {
  return `${STORE}.${table.name}_s${LASTING_SCHEMA}`;
}

import { type HistoryTable, thinned } from '../history/purchase-history.ts';
import { type FitControl, type Maximum, maximise } from '../optimise/maximum-likelihood.ts';
import type { Parameters, TransactionModelName } from './buying-model.ts';
import { type FitResult, refuse, type Refused } from './fit-result.ts';
import { TRANSACTION_MODELS } from './transaction-models.ts';

/** Four parameters from fewer people than this would be invented. */
export const FEWEST_CUSTOMERS = 30;
/** Only repeat purchases tell how often people buy and when they leave. */
export const FEWEST_REPEAT_CUSTOMERS = 10;
/** Starts are ranked on at most so many customers; the maximum itself is found on all. */
const COARSE_CUSTOMERS = 1_000;

/**
 * Fits a transaction model by maximum likelihood. Pure and deterministic: the same table gives the same numbers.
 * Synchronous; run it in a worker thread and share a flag through `control.signal` to stop it.
 *
 * @param table histories in the unit that the parameters shall have
 * @param near parameters of a fit to nearly the same histories: saves the search for where to start
 */
export function fitTransactionModel(
  name: TransactionModelName,
  table: HistoryTable,
  control: FitControl = {},
  near?: Parameters,
): FitResult<TransactionModelName> {
  const degenerate = refusalOf(table);
  if (degenerate) return degenerate;
  const { parameterNames, isTime, likelihood, starts } = TRANSACTION_MODELS[name];
  const longest = table.T.reduce((most, T) => Math.max(most, T), 0);
  const units = isTime.map((time) => (time ? longest : 1));
  const sample = thinned(table, COARSE_CUSTOMERS);
  const maximum = maximise(
    {
      full: likelihood(table),
      customers: table.customers,
      ...(sample === table ? {} : { coarse: likelihood(sample), coarseCustomers: sample.customers }),
      starts: starts.map((start) => start.map((v, i) => v * (units[i] as number))),
      units,
      ...(near && { near: parameterNames.map((parameter) => near[parameter] as number) }),
    },
    control,
  );
  return fitResultOf(name, parameterNames, table.customers, maximum);
}

/** Names a maximum's numbers, or says why it is none. */
export function fitResultOf<Name extends string>(
  model: Name,
  parameterNames: readonly string[],
  customers: number,
  maximum: Maximum,
): FitResult<Name> {
  const named = (values: readonly number[]): Record<string, number> =>
    Object.fromEntries(parameterNames.map((name, i) => [name, values[i] as number]));
  const near = (values: readonly number[]): string =>
    parameterNames.map((name, i) => `${name} ≈ ${(values[i] as number).toPrecision(3)}`).join(', ');
  switch (maximum.outcome) {
    case 'stopped':
      return { outcome: 'cancelled' };
    case 'at_bound':
      return refuse(
        'parameter_without_bound',
        `The likelihood of ${model} has no maximum at finite positive parameters: ${parameterNames[maximum.index]} runs off (${near(maximum.parameters)}).`,
      );
    case 'flat':
      return refuse(
        'not_identified',
        `The likelihood of ${model} is flat: the data do not tell its parameters apart (${near(maximum.parameters)}).`,
      );
    case 'found':
      return {
        outcome: 'fitted',
        model,
        parameters: named(maximum.parameters),
        standardErrors: named(maximum.covariance.map((row, i) => Math.sqrt(row[i] as number))),
        covariance: maximum.covariance,
        logLikelihood: maximum.logLikelihood,
        gradientNorm: maximum.gradientNorm,
        customers,
        evaluations: maximum.evaluations,
      };
  }
}

function refusalOf(table: HistoryTable): Refused | null {
  const { x, tX, T, count, customers } = table;
  let repeaters = 0;
  let silent = 0;
  for (let i = 0; i < x.length; i += 1) {
    if ((x[i] as number) > 0) repeaters += count[i] as number;
    silent += (count[i] as number) * ((T[i] as number) - (tX[i] as number));
  }
  if (customers < FEWEST_CUSTOMERS) {
    return refuse(
      'too_few_customers',
      `${customers} customers have purchases; a fit needs ${FEWEST_CUSTOMERS}.`,
    );
  }
  if (repeaters === 0) return refuse('no_repeat_purchases', 'Nobody has bought on a second day.');
  if (repeaters < FEWEST_REPEAT_CUSTOMERS) {
    return refuse(
      'too_few_repeat_customers',
      `${repeaters} customers have bought on a second day; a fit needs ${FEWEST_REPEAT_CUSTOMERS}.`,
    );
  }
  if (silent === 0) {
    return refuse(
      'no_time_after_purchases',
      'Everybody bought on the last day: nothing tells whether anybody leaves.',
    );
  }
  return null;
}

import { InvalidArgument } from '../errors.ts';
import type { HistoryTable } from '../history/purchase-history.ts';
import { bgNbd, mbgNbd } from './beta-geometric.ts';
import { betaGeometricLikelihood } from './beta-geometric-likelihood.ts';
import type { BuyingModel, Parameters, TransactionModelName } from './buying-model.ts';
import { paretoLikelihood } from './pareto-likelihood.ts';
import { paretoNbd } from './pareto-nbd.ts';

/** What a fit needs to know of a model. */
export interface TransactionModelDefinition {
  /** In the order of the likelihood's argument. */
  readonly parameterNames: readonly string[];
  /** Which of them are times. */
  readonly isTime: readonly boolean[];
  readonly likelihood: (table: HistoryTable) => (parameters: readonly number[]) => number;
  /** Starts with times as shares of the longest observation. */
  readonly starts: readonly (readonly number[])[];
}

const BETA_GEOMETRIC_STARTS = [
  [1, 0.1, 1, 3],
  [0.3, 0.1, 0.8, 2.5],
  [3, 0.5, 0.1, 1],
];

/** The models by name. */
export const TRANSACTION_MODELS: Readonly<Record<TransactionModelName, TransactionModelDefinition>> = {
  bg_nbd: {
    parameterNames: ['r', 'alpha', 'a', 'b'],
    isTime: [false, true, false, false],
    likelihood: (table) => betaGeometricLikelihood(table, 0),
    starts: BETA_GEOMETRIC_STARTS,
  },
  mbg_nbd: {
    parameterNames: ['r', 'alpha', 'a', 'b'],
    isTime: [false, true, false, false],
    likelihood: (table) => betaGeometricLikelihood(table, 1),
    starts: BETA_GEOMETRIC_STARTS,
  },
  pareto_nbd: {
    parameterNames: ['r', 'alpha', 's', 'beta'],
    isTime: [false, true, false, true],
    likelihood: paretoLikelihood,
    starts: [
      [1, 0.25, 0.7, 0.35],
      [0.5, 0.25, 2, 1],
      [3, 0.5, 0.3, 0.1],
    ],
  },
};

/**
 * A model ready to be asked, from parameters as a fit returned (or a table kept) them.
 *
 * @throws InvalidArgument when a parameter is missing or not positive
 */
export function buyingModel(name: TransactionModelName, parameters: Parameters): BuyingModel {
  const p = (key: string): number => {
    const value = parameters[key];
    if (value === undefined) throw new InvalidArgument(`${name} needs parameter ${key}`);
    return value;
  };
  switch (name) {
    case 'bg_nbd':
      return bgNbd({ r: p('r'), alpha: p('alpha'), a: p('a'), b: p('b') });
    case 'mbg_nbd':
      return mbgNbd({ r: p('r'), alpha: p('alpha'), a: p('a'), b: p('b') });
    case 'pareto_nbd':
      return paretoNbd({ r: p('r'), alpha: p('alpha'), s: p('s'), beta: p('beta') });
  }
}

export * from './errors.ts';
export * from './attribution/attribution-path.ts';
export * from './attribution/markov-attribution.ts';
export * from './attribution/rules.ts';
export * from './churn/churn-band.ts';
export * from './churn/evaluate-churn.ts';
export * from './churn/logistic-regression.ts';
export * from './churn/probability-scores.ts';
export * from './churn/purchase-features.ts';
export * from './churn/ranking.ts';
export * from './evaluate/by-frequency.ts';
export * from './evaluate/choose-model.ts';
export * from './evaluate/prediction-errors.ts';
export * from './evaluate/tracking.ts';
export {
  type CountedHistory,
  type HistoryTable,
  historyTable,
  type PurchaseHistory,
  rowsOf,
} from './history/purchase-history.ts';
export * from './history/summarise-purchases.ts';
export * from './model/beta-geometric.ts';
export * from './model/buying-model.ts';
export {
  fitGammaGamma,
  DOUBTFUL_CORRELATION,
  type SpendSummary,
  summariseSpend,
} from './model/fit-gamma-gamma.ts';
export type { Cancelled, FitResult, Fitted, Refused, RefusalReason } from './model/fit-result.ts';
export {
  FEWEST_CUSTOMERS,
  FEWEST_REPEAT_CUSTOMERS,
  fitTransactionModel,
} from './model/fit-transaction-model.ts';
export * from './model/gamma-gamma.ts';
export { paretoNbd, type ParetoParameters } from './model/pareto-nbd.ts';
export { buyingModel } from './model/transaction-models.ts';
export type { FitControl } from './optimise/maximum-likelihood.ts';
export * from './segment/lifecycle-stage.ts';
export * from './segment/rfm.ts';
export * from './value/discount.ts';
export * from './value/forecast.ts';
export * from './value/lifetime-value.ts';

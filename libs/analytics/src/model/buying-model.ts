import type { PurchaseHistory } from '../history/purchase-history.ts';

/** Names of the models of "buy till you die", as the outside contract spells them. */
export type TransactionModelName = 'bg_nbd' | 'mbg_nbd' | 'pareto_nbd';

/** Parameters by name; times in the unit of the histories they were fitted to. */
export type Parameters = Readonly<Record<string, number>>;

/**
 * A transaction model with its parameters: what may be asked of it. Times are in the unit of the parameters; every
 * answer is finite for every valid history.
 */
export interface BuyingModel {
  /** Natural logarithm of the likelihood of one history. */
  logLikelihood(history: PurchaseHistory): number;
  /** P(the customer is still a customer at T | history). */
  pAlive(history: PurchaseHistory): number;
  /** Expected purchases in (T, T+t] given the history. */
  expectedPurchases(t: number, history: PurchaseHistory): number;
  /** Expected purchases in (T, T+t] of one who is still a customer at T; of the history only x and T matter. */
  purchasesIfAlive(t: number, history: Pick<PurchaseHistory, 'x' | 'T'>): number;
  /** Expected repeat purchases in (0, t] of a customer of whom only the first purchase, at 0, is known. */
  expectedRepeats(t: number): number;
  /** P(no purchase in (T, T+t] | history): equals L(x, tX, T+t) / L(x, tX, T) in every such model. */
  pNoPurchase(t: number, history: PurchaseHistory): number;
  /**
   * Discounted expected transactions from T to infinity, the sum of e^(−δ·t) over purchases at T+t.
   *
   * @param delta continuous discount rate per unit of time, > 0
   */
  discountedPurchases(delta: number, history: PurchaseHistory): number;
}

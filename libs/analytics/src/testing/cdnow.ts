import { historyTable } from '../history/purchase-history.ts';
import { purchasesAfter, summarisePurchases } from '../history/summarise-purchases.ts';
import type { TransactionModelName } from '../model/buying-model.ts';
import type { Fitted } from '../model/fit-result.ts';
import { fitTransactionModel } from '../model/fit-transaction-model.ts';
import { CDNOW, cdnowPurchases } from './fixtures.ts';

/** The sample's purchases, summaries at the end of calibration, and what came in the 39 weeks after. */
export const purchases = cdnowPurchases();
export const { customers } = summarisePurchases(purchases, CDNOW);
export const table = historyTable(customers);
export const later = purchasesAfter(purchases, customers, CDNOW);

/** A fit to the calibration period that must succeed. */
export function cdnowFit(name: TransactionModelName): Fitted<TransactionModelName> {
  const fit = fitTransactionModel(name, table);
  if (fit.outcome !== 'fitted') throw new Error(JSON.stringify(fit));
  return fit;
}

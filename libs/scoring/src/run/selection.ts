import type { FitRequest } from '#config';
import type { Workspace } from '#kernel';
import type { Warehouse } from '#warehouse';
import { readCurrencies, type PurchaseSelection } from '../purchases/read-purchases.ts';

/**
 * What a request means on the data of now: purchases where there are any, else activity; the currency of most orders
 * where none is named.
 *
 * @throws WarehouseUnavailable
 */
export async function selectionOf(
  warehouse: Warehouse,
  workspace: Workspace,
  { basis, currency, start }: FitRequest,
): Promise<PurchaseSelection> {
  if (basis === 'activity') return { workspace, basis, currency: '', start };
  const currencies = await readCurrencies(warehouse, workspace);
  if (basis === null && currency === null && currencies.length === 0) {
    return { workspace, basis: 'activity', currency: '', start };
  }
  return { workspace, basis: 'purchases', currency: currency ?? currencies[0] ?? 'USD', start };
}

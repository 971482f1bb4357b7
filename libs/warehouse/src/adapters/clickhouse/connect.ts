import type { Warehouse, WarehouseEndpoint } from '../../warehouse.port.ts';
import { ClientWarehouse } from './client-warehouse.ts';

/**
 * The tables of an engine that runs already, such as from a worker thread. The endpoint is fixed: after a crash an
 * embedded engine answers elsewhere, and calls throw `WarehouseUnavailable`.
 */
export function connectWarehouse(endpoint: WarehouseEndpoint): Warehouse {
  return new ClientWarehouse({ endpoint: async () => endpoint, close: async () => undefined });
}

import { TemasError } from '#kernel';
import type { Lease } from '#state-store';
import type { Warehouse } from '#warehouse';

/** The lease was lost: nothing more is sent to the tables. */
class WarehouseFenced extends TemasError {
  constructor(epoch: bigint) {
    super('PROJECTOR.DEPOSED', `the lease of epoch ${epoch} is lost; the tables are another projector's`);
  }
}

/**
 * Tables for the holder of a lease: who has lost it changes nothing more. What was already on its way is harmless: an
 * insert carries the token of an intent that its successor sends again, too.
 */
export function fencedWarehouse(
  warehouse: Warehouse,
  { epoch, lost }: Pick<Lease, 'epoch' | 'lost'>,
): Warehouse {
  const checked = <T>(work: () => Promise<T>): Promise<T> =>
    lost.aborted ? Promise.reject(new WarehouseFenced(epoch)) : work();
  return {
    insert: (...args) => checked(() => warehouse.insert(...args)),
    command: (...args) => checked(() => warehouse.command(...args)),
    query: (...args) => warehouse.query(...args),
    stream: (...args) => warehouse.stream(...args),
    endpoint: () => warehouse.endpoint(),
    ping: () => warehouse.ping(),
    close: () => warehouse.close(),
  };
}

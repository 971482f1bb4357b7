import { folderOf } from '#apps/process';
import type { Environment } from '#apps/process';
import {
  openPostgresLeases,
  openPostgresStateStore,
  openPostgresStateStores,
  openRocksStateStores,
} from '#state-store';
import type { Lease, StateStore, StateStores } from '#state-store';
import { Board } from './board/board.ts';
import { PROJECTOR_LEASE, SOLE_LEASE } from './lease.ts';
import type { AcquireLease } from './lease.ts';

/** Where the projections keep their state, and how processes share it. */
export interface StateEngines {
  readonly acquire: AcquireLease;
  /** Stores for the holder of the lease: whoever has taken it since makes them refuse every commit. */
  readonly openStores: (lease: Lease) => Promise<StateStores>;
  /** The board for the holder of the lease; `undefined` where no other process can ask. */
  readonly openBoard: (lease: Lease) => Promise<OpenBoard | undefined>;
  close(): Promise<void>;
}

/** A board and the store behind it. */
export interface OpenBoard {
  readonly board: Board;
  readonly store: StateStore;
}

/** A standby follows 5 s after the last sign of a projector that died, and has 5 s more to open what it reads. */
const LEASE_TIMES = { ttlMs: 4_500, pollMs: 500 };

/** Name of the board's store, beside those of the generations. */
const BOARD = 'board';

/** State stores of `POSTGRES_URL`, else the embedded ones. Throws what the engine throws. */
export async function openStateEngines(environment: Environment): Promise<StateEngines> {
  const { POSTGRES_URL: url } = environment;
  if (url === undefined) {
    const stores = openRocksStateStores({ path: folderOf(environment, 'state') });
    return {
      acquire: SOLE_LEASE,
      openStores: async () => stores,
      openBoard: async () => undefined,
      close: () => stores.close(),
    };
  }
  const leases = await openPostgresLeases({ url, ...LEASE_TIMES });
  return {
    acquire: (signal) => leases.acquire(PROJECTOR_LEASE, signal),
    openStores: (lease) => openPostgresStateStores({ url, lease }),
    openBoard: (lease) => openSharedBoard(url, lease),
    close: () => leases.close(),
  };
}

/** The board in PostgreSQL; without a lease for processes that place orders. */
export async function openSharedBoard(url: string, lease?: Lease): Promise<OpenBoard> {
  const store = await openPostgresStateStore({ url, name: BOARD, ...(lease === undefined ? {} : { lease }) });
  return { board: new Board(store), store };
}

export * from './errors.ts';
export * from './lease.port.ts';
export * from './state-store.port.ts';
export * from './state-stores.port.ts';
export * from './unit-of-work.ts';
export type { PostgresOptions } from './adapters/postgres/postgres-database.ts';
export { openPostgresLeases, type PostgresLeasesOptions } from './adapters/postgres/postgres-leases.ts';
export {
  openPostgresStateStore,
  type PostgresStoreOptions,
} from './adapters/postgres/postgres-state-store.ts';
export {
  openPostgresStateStores,
  type PostgresStateStoresOptions,
} from './adapters/postgres/postgres-state-stores.ts';
export { openRocksStateStore, type RocksStateStoreOptions } from './adapters/rocksdb/rocks-state-store.ts';
export { openRocksStateStores, type RocksStateStoresOptions } from './adapters/rocksdb/rocks-state-stores.ts';

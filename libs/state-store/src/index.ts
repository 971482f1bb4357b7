export * from './errors.ts';
export * from './state-store.port.ts';
export * from './unit-of-work.ts';
export { openRocksStateStore, type RocksStateStoreOptions } from './adapters/rocksdb/rocks-state-store.ts';

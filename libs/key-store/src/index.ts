export * from './errors.ts';
export * from './key-store.port.ts';
export {
  openEmbeddedKeyStore,
  type EmbeddedKeyStoreOptions,
} from './adapters/embedded/open-embedded-key-store.ts';
export { openKeyReader, type KeyReader } from './adapters/embedded/key-reader.ts';
export {
  openPostgresKeyStore,
  type PostgresKeyStoreOptions,
} from './adapters/postgres/open-postgres-key-store.ts';
export type { PostgresKeyStore } from './adapters/postgres/postgres-key-store.ts';
export * from './held-keys.ts';
export * from './key-remains.ts';
export { readHeldKeys } from './adapters/embedded/read-held-keys.ts';

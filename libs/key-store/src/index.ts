export * from './errors.ts';
export * from './key-store.port.ts';
export {
  openEmbeddedKeyStore,
  type EmbeddedKeyStoreOptions,
} from './adapters/embedded/open-embedded-key-store.ts';
export { openKeyReader, type KeyReader } from './adapters/embedded/key-reader.ts';

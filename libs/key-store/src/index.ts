export * from './key-store.port.ts';

export * from './state-store.port.ts';
export * from './unit-of-work.ts';

export { openEventStoreLog } from './adapters/eventstore/open-event-store-log.ts';
export type { EventStoreLogOptions } from './adapters/eventstore/open-event-store-log.ts';
export { openLmdbEventLog } from './adapters/lmdb/lmdb-event-log.ts';
export type { LmdbEventLogOptions } from './adapters/lmdb/lmdb-event-log.ts';
export * from './append-check.ts';
export * from './errors.ts';
export * from './event-log.port.ts';
export * from './group-committer.ts';

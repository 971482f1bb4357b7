export * from './errors.ts';
export { encodeByteaArray } from './bytea-array.ts';
export { patiently } from './patience.ts';
export { qualified, schemaName } from './schema-name.ts';
export { Database, type DatabaseOptions, type Session } from './adapters/database.ts';
export { Listener, type ListenerOptions } from './adapters/listener.ts';
export { lockUntilCommit, migrate, type Migration } from './adapters/migrate.ts';

export * from './collector.module.ts';
export { INGEST_PATHS } from './ingest-paths.ts';
export type { IngestResult } from './ingest.service.ts';
export * from './write-key.ts';
export * from './write-keys.ts';

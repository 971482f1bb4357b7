export * from './collector.module.ts';
export { INGEST_PATHS } from './ingest-paths.ts';
export type { ViolationObserver } from './event-schemas.ts';
export type { IngestResult } from './ingest.service.ts';
export type { IntakeMonitor } from './intake.ts';
export * from './wiring.ts';
export * from './write-key.ts';
export * from './write-keys.ts';

export { ApiKeys } from './access.ts';
export type { Caller, Role } from './access.ts';
export * from './api.module.ts';
export * from './lag.ts';
export * from './metrics.ts';
export * from './operations.ts';
export * from './reading.ts';
export * from './rule-plans.ts';

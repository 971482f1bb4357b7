export { ApiKeys } from './access.ts';
export type { Caller, Role } from './access.ts';
export * from './api.module.ts';
export * from './reading.ts';
export * from './running-fits.ts';
export * from './wiring.ts';

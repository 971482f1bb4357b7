export * from './errors.ts';
export type * from './fit/fit-result.ts';
export * from './run/fit-runner.ts';
export { FitThread } from './run/fit-thread.ts';
export { NO_PROGRESS, type FitProgress } from './run/run-fit.ts';
export { dateOf, dayOf } from './utc-day.ts';

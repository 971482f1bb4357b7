export * from './projection-runtime.ts';

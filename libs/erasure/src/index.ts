export * from './erasure.ts';
export * from './erasure-desk.ts';
export * from './erasure-event.ts';
export * from './erasure-register.ts';
export * from './erasure-runner.ts';
export * from './errors.ts';

export * from './errors.ts';
export * from './fault.ts';
export * from './ids.ts';
export * from './text.ts';
export * from './time.ts';
export * from './uuid.ts';

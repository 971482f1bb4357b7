export * from './errors.ts';
export * from './event-log.port.ts';

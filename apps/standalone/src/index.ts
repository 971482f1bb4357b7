export * from './bootstrap-keys.ts';
export * from './http-server.ts';
export * from './platform.ts';

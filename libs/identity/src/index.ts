export * from './identity.types.ts';

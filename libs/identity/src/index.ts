export * from './identity.types.ts';
export { createMatcher } from './matcher.ts';
export { identityReader, type IdentityReader } from './identity-reader.ts';
export { profileIdOf } from './profile-id.ts';
export { DEFAULT_RULES, type IdentityRules } from './rules.ts';

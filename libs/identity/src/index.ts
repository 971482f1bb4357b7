export * from './identity.types.ts';
export { createMatcher } from './matcher.ts';
export { identityReader, type IdentityReader } from './identity-reader.ts';
export { profileIdOf } from './profile-id.ts';
export { DEFAULT_RULES, type IdentityRules } from './rules.ts';
export { explainer, type Explainer, type PairExplanation } from './explain/explainer.ts';
export * from './explain/explanation.types.ts';

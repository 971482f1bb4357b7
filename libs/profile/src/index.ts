export { eraseAnchors } from './erase-anchors.ts';
export { foldIdentifiers, foldProfile } from './fold-profile.ts';
export { foldTraits, TRAITS_MAX, type Speaker, type TraitRow } from './fold-traits.ts';
export { joinProfile, type Profile, type ProfileIdentifier, type Trait } from './join-profile.ts';
export { loadProfiles, profileParts } from './load-profiles.ts';
export { profileInputOf, type NamedIdentifier, type ProfileInput } from './profile-input.ts';
export { profileReader, type ProfileReader } from './profile-reader.ts';
export {
  ANCHORS,
  IDENTIFIERS,
  type AnchorRow,
  type IdentifierRow,
  type ProfileParts,
} from './profile-rows.ts';
export { compareRegisters, type Register } from './register.ts';
export { displayTraits, traitDisplay, type TraitDisplay } from './trait-display.ts';
export { joinWords, policyOf } from './trait-policy.ts';

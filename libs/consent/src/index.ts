export { consentInputOf, type Choices, type ConsentInput } from './consent-input.ts';
export { readConsents } from './consent-reader.ts';
export { CHOICES, type Choice, type ChoiceRow } from './consent-rows.ts';
export { choicesOf, foldConsent, loadConsents } from './fold-consent.ts';
export { joinConsents, type Consent } from './join-consents.ts';
export { eraseChoices } from './erase-choices.ts';

export { readBirthDate, type BirthDate } from './birth-date.ts';
export { isDummyNumber } from './dummy-number.ts';
export { normaliseEmail } from './email/email-address.ts';
export { emailFacts, isDisposableEmail, type EmailFacts } from './email/email-facts.ts';
export { emailMatchKey } from './email/match-key.ts';
export { repairEmail, repairTypedEmail, type EmailRepair } from './email/repair-email.ts';
export { isRoleAccount, wordOf } from './email/role-account.ts';
export { cleanName, nameMatchKey, type CleanName } from './name/clean-name.ts';
export { maskNationalId, readNationalId, type NationalId } from './national-id.ts';
export {
  DEFAULT_COUNTRY,
  isCountry,
  normalisePhones,
  readPhones,
  type PhoneNumbers,
  type PhoneReading,
  type PhoneType,
} from './phone/phone-number.ts';
export { cleanCity, type CleanCity } from './place/clean-city.ts';
export { RULESET_VERSION } from './ruleset.ts';

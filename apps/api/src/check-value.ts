import {
  cleanCity,
  cleanName,
  emailFacts,
  emailMatchKey,
  maskNationalId,
  normaliseEmail,
  readBirthDate,
  readNationalId,
  readPhones,
  repairTypedEmail,
} from '#repair';
import { normaliseIdentifier } from '#touchpoint';
import type { TypedValueBody } from './quality.dto.ts';

/** What becomes of a typed value: is it one, how is it spelt, what may have been meant. `today`: ISO date. */
export function checkValue({ kind, value, country }: TypedValueBody, today: string): object {
  switch (kind) {
    case 'email': {
      const canonical = normaliseEmail(value);
      const identifier = normaliseIdentifier('email', value).outcome;
      return {
        outcome: canonical === undefined ? 'invalid' : identifier,
        canonical: canonical ?? null,
        repair: repairTypedEmail(value),
        ...(canonical === undefined
          ? {}
          : { facts: emailFacts(canonical), matchKey: emailMatchKey(canonical) ?? null }),
      };
    }
    case 'phone':
      return { numbers: readPhones(value, country) };
    case 'name':
      return cleanName(value);
    case 'city':
      return cleanCity(value);
    case 'birth_date':
      return readBirthDate(value, today);
    case 'national_id': {
      const id = readNationalId(value);
      return id.outcome === 'valid' ? { ...id, value: maskNationalId(id.value) } : id;
    }
  }
}

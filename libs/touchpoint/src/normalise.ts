import { normaliseEmail, normalisePhones, readNationalId } from '#repair';
import { isBlockedEmail, isPlaceholder } from './block-list.ts';
import { IDENTIFIER_LENGTH_LIMIT } from './limits.ts';

/** What a value is as an opaque key. */
export type NormalisedKey =
  /** The canonical value; normalising it again gives itself. */
  | { readonly outcome: 'valid'; readonly value: string }
  | { readonly outcome: 'invalid'; readonly why: string }
  /** `undefined`, `null` or blank: nothing was named. */
  | { readonly outcome: 'absent' };

/** What a value is as an identifier; `blocked` stands for nobody: a placeholder, a role account, a dummy number. */
export type Normalised = NormalisedKey | { readonly outcome: 'blocked' };

/** What a field is, which may hold several identifiers: two phone numbers in one. */
export type NormalisedField =
  | { readonly outcome: 'valid'; readonly values: readonly string[] }
  | Exclude<Normalised, { readonly outcome: 'valid' }>;

const BLOCKED = { outcome: 'blocked' } as const;
const ABSENT = { outcome: 'absent' } as const;
const NOT_TEXT = { outcome: 'invalid', why: 'is neither text nor a number' } as const;
const INEXACT = { outcome: 'invalid', why: 'is a number beyond 2^53: send it as text' } as const;
const TOO_LONG = { outcome: 'invalid', why: `is longer than ${IDENTIFIER_LENGTH_LIMIT} characters` } as const;
const MALFORMED = { outcome: 'invalid', why: 'holds half of a surrogate pair' } as const;
const NO_EMAIL = { outcome: 'invalid', why: 'is not an e-mail address' } as const;
const NO_MOBILE = { outcome: 'invalid', why: 'is not a valid mobile phone number' } as const;
const SEVERAL = { outcome: 'invalid', why: 'holds several identifiers' } as const;
const NO_NATIONAL_ID = { outcome: 'invalid', why: 'is not a national or tax id by its checksum' } as const;

/**
 * Canonical value of an identifier of `namespace`, as every look-up by value needs it: e-mail addresses, phones and
 * national ids by their own rules, everything else as an opaque key. `country`: see {@link normaliseField}.
 */
export function normaliseIdentifier(namespace: string, raw: unknown, country?: string): Normalised {
  const field = normaliseField(namespace, raw, country);
  if (field.outcome !== 'valid') return field;
  const [value, second] = field.values;
  return second === undefined ? { outcome: 'valid', value: value as string } : SEVERAL;
}

/**
 * Canonical values of a field that names identifiers of `namespace`, as ingest needs them; at least one, each once.
 * `country`: of phone numbers without a code, ISO 3166-1 alpha-2; Türkiye if absent.
 */
export function normaliseField(namespace: string, raw: unknown, country?: string): NormalisedField {
  if (typeof raw === 'boolean') return BLOCKED;
  const read = readText(raw);
  if (read.outcome !== 'valid') return read;
  const text = read.value;
  if (isPlaceholder(text)) return BLOCKED;
  switch (namespace) {
    case 'email':
      return single(email(text));
    case 'phone': {
      const numbers = normalisePhones(text, country);
      return numbers.outcome === 'invalid' ? NO_MOBILE : numbers;
    }
    case 'national_id': {
      const id = readNationalId(text);
      return id.outcome === 'invalid' ? NO_NATIONAL_ID : single(id);
    }
    default:
      return single(opaque(text));
  }
}

function single(one: Normalised): NormalisedField {
  return one.outcome === 'valid' ? { outcome: 'valid', values: [one.value] } : one;
}

/** Canonical value of a key whose inside means nothing to us: trimmed, NFC, at most 255 characters. */
export function normaliseOpaque(raw: unknown): NormalisedKey {
  const read = readText(raw);
  return read.outcome === 'valid' ? opaque(read.value) : read;
}

/** Numbers become text; beyond 2^53 they are refused, because JSON has already rounded them to somebody else's. */
function readText(raw: unknown): NormalisedKey {
  if (raw === undefined || raw === null) return ABSENT;
  if (typeof raw === 'number') {
    return Math.abs(raw) <= Number.MAX_SAFE_INTEGER ? { outcome: 'valid', value: String(raw) } : INEXACT;
  }
  if (typeof raw !== 'string') return NOT_TEXT;
  const value = raw.trim();
  return value === '' ? ABSENT : { outcome: 'valid', value };
}

function email(text: string): Normalised {
  const value = normaliseEmail(text);
  if (value === undefined) return NO_EMAIL;
  return isBlockedEmail(value) ? BLOCKED : { outcome: 'valid', value };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function opaque(text: string): NormalisedKey {
  // Composing shortens a text to a third at most: what is longer than this cannot come within the limit.
  if (text.length > 3 * IDENTIFIER_LENGTH_LIMIT) return TOO_LONG;
  const value = text.normalize('NFC');
  if (value.length > IDENTIFIER_LENGTH_LIMIT) return TOO_LONG;
  // Two such values would hash alike, because UTF-8 has one stand-in for every half.
  return LONE_SURROGATE.test(value) ? MALFORMED : { outcome: 'valid', value };
}

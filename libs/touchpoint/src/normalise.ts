import { isBlockedEmail, isBlockedNationalId, isPlaceholder } from './block-list.ts';
import { normaliseEmail } from './email-address.ts';
import { IDENTIFIER_LENGTH_LIMIT } from './limits.ts';
import { normalisePhone } from './phone-number.ts';

/** What a value is as an opaque key. */
export type NormalisedKey =
  /** The canonical value; normalising it again gives itself. */
  | { readonly outcome: 'valid'; readonly value: string }
  | { readonly outcome: 'invalid'; readonly why: string }
  /** `undefined`, `null` or blank: nothing was named. */
  | { readonly outcome: 'absent' };

/** What a value is as an identifier; `blocked` stands for nobody: a placeholder, a role account, a dummy number. */
export type Normalised = NormalisedKey | { readonly outcome: 'blocked' };

const BLOCKED = { outcome: 'blocked' } as const;
const ABSENT = { outcome: 'absent' } as const;
const NOT_TEXT = { outcome: 'invalid', why: 'is neither text nor a number' } as const;
const INEXACT = { outcome: 'invalid', why: 'is a number beyond 2^53: send it as text' } as const;
const TOO_LONG = { outcome: 'invalid', why: `is longer than ${IDENTIFIER_LENGTH_LIMIT} characters` } as const;
const MALFORMED = { outcome: 'invalid', why: 'holds half of a surrogate pair' } as const;
const NO_EMAIL = { outcome: 'invalid', why: 'is not an e-mail address' } as const;
const NO_MOBILE = { outcome: 'invalid', why: 'is not a valid mobile phone number' } as const;

/**
 * Canonical value of an identifier of `namespace`, as ingest and every look-up by value need it: e-mail addresses by
 * `normaliseEmail`, phones by `normalisePhone`, everything else as an opaque key.
 */
export function normaliseIdentifier(namespace: string, raw: unknown): Normalised {
  if (typeof raw === 'boolean') return BLOCKED;
  const read = readText(raw);
  if (read.outcome !== 'valid') return read;
  const text = read.value;
  if (isPlaceholder(text)) return BLOCKED;
  switch (namespace) {
    case 'email':
      return email(text);
    case 'phone':
      return phone(text);
    case 'national_id':
      return isBlockedNationalId(text) ? BLOCKED : opaque(text);
    default:
      return opaque(text);
  }
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

function phone(text: string): Normalised {
  const number = normalisePhone(text);
  return number.outcome === 'invalid' ? NO_MOBILE : number;
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

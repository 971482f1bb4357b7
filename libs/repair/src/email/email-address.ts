import { domainToASCII } from 'node:url';
import { narrowed } from '../full-width.ts';

const LONGEST_TYPED = 320;
const INVISIBLE = /[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const WRAPPING_BEFORE = /^(?:mailto:|[<"'“”‘’\s])+/i;
const WRAPPING_AFTER = /[>"'“”‘’.,;\s]+$/;
const LOCAL = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const PLAIN = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Canonical form of an e-mail address, or `undefined` if it is none. Keeps the meaning and guesses nothing: what
 * was pasted around it goes, full-width signs become plain ones (as user names do by RFC 8265), letters become lower
 * case by no country's rules (`İ` is `i`, so that `GMAİL` and `GMAIL` agree and no stray combining dot stays), an
 * international domain becomes punycode.
 */
export function normaliseEmail(typed: string): string | undefined {
  // Also bounds the expressions below, of which one is quadratic.
  if (typed.length > LONGEST_TYPED) return undefined;
  const address = PLAIN.test(typed) ? typed : clean(typed);
  const at = address.indexOf('@');
  if (at < 1 || at > 64 || address.indexOf('@', at + 1) !== -1) return undefined;
  const local = address.slice(0, at);
  const domain = asciiDomain(address.slice(at + 1));
  if (!LOCAL.test(local) || !DOMAIN.test(domain)) return undefined;
  const canonical = `${local}@${domain}`;
  return canonical.length <= 254 ? canonical : undefined;
}

function clean(typed: string): string {
  return narrowed(typed)
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(WRAPPING_BEFORE, '')
    .replace(WRAPPING_AFTER, '')
    .replaceAll('İ', 'i')
    .toLowerCase()
    .replaceAll('\u0307', '')
    .normalize('NFC');
}

const ASCII = /^[\x20-\x7e]*$/;
const INTERNATIONAL = /^[\p{L}\p{N}\p{M}.-]+$/u;

/** Without the second test the converter would quietly drop tabs and decode percent signs. */
function asciiDomain(domain: string): string {
  if (ASCII.test(domain)) return domain;
  return INTERNATIONAL.test(domain) ? domainToASCII(domain) : '';
}

import { isRoleAccount, wordOf } from '#repair';

/**
 * Version of the identity rules that ingest applies: block list, normalisation and priorities. Part of every
 * envelope, because it fixes what the anchor is; any change of these rules raises it.
 */
export const RULES_VERSION = 3;

const PLACEHOLDERS = new Set([
  'null',
  'undefined',
  'none',
  'nil',
  'nan',
  '[object object]',
  'true',
  'false',
  '-1',
  'anonymous',
  'guest',
  'unknown',
]);
const LONGEST_PLACEHOLDER = '"[object object]"'.length + 2;
const ZEROES = /^[0-]+$/;
const QUOTES_BEFORE = /^["'`(<\s]+/;
const QUOTES_AFTER = /["'`)>\s]+$/;

/**
 * True for values that programs and forms write where they know nothing (`null`, `[object Object]`, `0`, an
 * all-zero UUID, `guest`, …), in any case, also between quotes or brackets.
 */
export function isPlaceholder(value: string): boolean {
  if (value.length > 40) return false;
  const bare = value.replace(QUOTES_BEFORE, '').replace(QUOTES_AFTER, '');
  if (bare === '') return true;
  if (ZEROES.test(bare)) return true;
  return bare.length <= LONGEST_PLACEHOLDER && PLACEHOLDERS.has(bare.toLowerCase());
}

const FAKE_LOCALS = new Set([
  'test',
  'tester',
  'testing',
  'deneme',
  'asd',
  'asdf',
  'qwe',
  'qwerty',
  'xxx',
  'abc',
]);
const FAKE_DOMAINS = new Set(['example.com', 'example.org', 'example.net', 'test.com', 'deneme.com']);

/**
 * True for a canonical e-mail address that is nobody's: unmanned (`no-reply@`), of a role instead of a person
 * (`info@`), or typed to get past a form (`test@test.com`, `a@a.com`, `test@example.com`).
 */
export function isBlockedEmail(address: string): boolean {
  if (isRoleAccount(address)) return true;
  const local = wordOf(address);
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const fake = FAKE_LOCALS.has(local);
  if (fake && FAKE_DOMAINS.has(domain)) return true;
  return (fake || local.length <= 3) && domain.startsWith(`${local}.`);
}

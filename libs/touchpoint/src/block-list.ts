/**
 * Version of the identity rules that ingest applies: block list, normalisation and priorities. Part of every
 * envelope, because it fixes what the anchor is; any change of these rules raises it.
 */
export const RULES_VERSION = 1;

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

const UNMANNED = ['noreply', 'donotreply', 'mailerdaemon', 'bounce', 'bounces', 'devnull'];
const ROLES = [
  ...['info', 'bilgi', 'contact', 'iletisim', 'office', 'ofis', 'sales', 'satis', 'orders', 'siparis'],
  ...['support', 'destek', 'help', 'helpdesk', 'musteri', 'musterihizmetleri', 'customerservice'],
  ...['billing', 'fatura', 'accounting', 'muhasebe', 'finance', 'finans', 'marketing', 'pazarlama'],
  ...['hr', 'ik', 'insankaynaklari', 'kariyer', 'jobs', 'press', 'basin', 'newsletter', 'kvkk', 'privacy'],
  ...['admin', 'administrator', 'root', 'webmaster', 'postmaster', 'hostmaster', 'abuse', 'security'],
];
const NOBODY_LOCALS = new Set([...UNMANNED, ...ROLES]);
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
const MARKS = /\p{M}/gu;

/**
 * True for a canonical e-mail address that is nobody's: unmanned (`no-reply@`), of a role instead of a person
 * (`info@`), or typed to get past a form (`test@test.com`, `a@a.com`, `test@example.com`).
 */
export function isBlockedEmail(address: string): boolean {
  const at = address.indexOf('@');
  const tag = address.indexOf('+');
  const local = fold(address.slice(0, tag > 0 && tag < at ? tag : at));
  if (NOBODY_LOCALS.has(local)) return true;
  const domain = address.slice(at + 1);
  const fake = FAKE_LOCALS.has(local);
  if (fake && FAKE_DOMAINS.has(domain)) return true;
  return (fake || local.length <= 3) && domain.startsWith(`${local}.`);
}

/** The letters of a local part without accents and separators: `no-reply` and `no_reply` are one word. */
function fold(local: string): string {
  return local.normalize('NFD').replace(MARKS, '').replaceAll('ı', 'i').replaceAll(/[-._]/g, '');
}

const COUNTED = new Set([
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '12345678901',
  '01234567',
  '012345678',
  '0123456789',
  '01234567890',
  '9876543210',
  '0987654321',
]);
const ONE_DIGIT = /^(\d)\1*$/;

/** True for digits typed to get past a form: one digit over and over, or counted up or down. */
export function isDummyNumber(digits: string): boolean {
  return ONE_DIGIT.test(digits) || COUNTED.has(digits);
}

/** Passes the checksum of a Turkish national id, and stands on invoices to walk-in buyers. */
const DUMMY_NATIONAL_ID = '11111111110';

/** True for a national or tax id that stands for "not known" on invoices. */
export function isBlockedNationalId(value: string): boolean {
  return isDummyNumber(value) || value === DUMMY_NATIONAL_ID;
}

import { foldTurkish } from '../turkish.ts';

const UNMANNED = ['noreply', 'donotreply', 'mailerdaemon', 'bounce', 'bounces', 'devnull'];
const ROLES = [
  ...['info', 'bilgi', 'contact', 'iletisim', 'office', 'ofis', 'sales', 'satis', 'orders', 'siparis'],
  ...['support', 'destek', 'help', 'helpdesk', 'musteri', 'musterihizmetleri', 'customerservice'],
  ...['billing', 'fatura', 'accounting', 'muhasebe', 'finance', 'finans', 'marketing', 'pazarlama'],
  ...['hr', 'ik', 'insankaynaklari', 'kariyer', 'jobs', 'press', 'basin', 'newsletter', 'kvkk', 'privacy'],
  ...['admin', 'administrator', 'root', 'webmaster', 'postmaster', 'hostmaster', 'abuse', 'security'],
];
const NOBODY = new Set([...UNMANNED, ...ROLES]);
const MARKS = /\p{M}/gu;
const PLAIN = /^[a-z0-9]+$/;

/** True for a canonical address that is of a role instead of a person (`satis@`), or that nobody reads (`no-reply@`). */
export function isRoleAccount(address: string): boolean {
  return NOBODY.has(wordOf(address));
}

/** The local part as one plain word: without tag, accents and separators, so that `no-reply+17` is `noreply`. */
export function wordOf(address: string): string {
  const at = address.lastIndexOf('@');
  const tag = address.indexOf('+');
  const local = address.slice(0, tag > 0 && tag < at ? tag : at);
  if (PLAIN.test(local)) return local;
  return foldTurkish(local).normalize('NFD').replace(MARKS, '').replaceAll(/[-._]/g, '');
}

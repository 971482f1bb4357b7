import { isProvider } from './providers.ts';

const GMAIL: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);
const TAGGED = /^(?:hotmail|outlook|live|msn|windowslive)\./;

/**
 * What addresses have in common that a provider delivers to one box: Gmail sees neither dots nor what follows a `+`,
 * Outlook and Hotmail not the latter. `undefined` for all other providers, who may tell them apart. A key suggests
 * that two people are one; it is no address, and nothing is ever sent to it.
 */
export function emailMatchKey(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const plus = address.indexOf('+');
  const local = address.slice(0, plus > 0 && plus < at ? plus : at);
  if (GMAIL.has(domain)) {
    const bare = local.replaceAll('.', '');
    return bare === '' ? undefined : `gmail:${bare}`;
  }
  return TAGGED.test(domain) && isProvider(domain) ? `${domain}:${local}` : undefined;
}

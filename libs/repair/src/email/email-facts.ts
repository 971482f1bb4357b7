import { disposableEmailBlocklist } from 'disposable-email-domains-js';
import { parse } from 'tldts';
import { isProvider } from './providers.ts';
import { isRoleAccount } from './role-account.ts';

/** What an address tells beside whom it reaches. */
export interface EmailFacts {
  /** Its domain gives addresses for minutes. */
  readonly disposable: boolean;
  /** Of a role instead of a person, or unmanned. */
  readonly role: boolean;
  /** Given out by a provider to anybody: says nothing of an employer. */
  readonly freeProvider: boolean;
  /** Its ending is on the public suffix list; else no mail reaches it over the internet. */
  readonly listedSuffix: boolean;
}

let disposables: ReadonlySet<string> | undefined;

/** True for a canonical address of a domain that gives addresses for minutes, or of one below it. */
export function isDisposableEmail(address: string): boolean {
  const domain = domainOf(address);
  if (isProvider(domain)) return false;
  // The package's own question makes the set anew each time: a millisecond (measured).
  disposables ??= new Set(disposableEmailBlocklist());
  for (let at = 0; at !== -1; at = nextLabel(domain, at)) if (disposables.has(domain.slice(at))) return true;
  return false;
}

/** Facts about a canonical address. */
export function emailFacts(address: string): EmailFacts {
  const domain = domainOf(address);
  return {
    disposable: isDisposableEmail(address),
    role: isRoleAccount(address),
    freeProvider: isProvider(domain),
    listedSuffix: parse(domain).isIcann === true,
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function nextLabel(domain: string, at: number): number {
  const dot = domain.indexOf('.', at);
  return dot === -1 ? -1 : dot + 1;
}

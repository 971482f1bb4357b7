import type { PageDocument, PageLocation } from '../browser.ts';
import { attempt } from './attempt.ts';
import { keep, store } from './local-store.ts';

declare const document: PageDocument;
declare const location: PageLocation;

/** 400 days, the longest that browsers grant. */
const MAX_AGE = 34_560_000;

/** For the life of the page, where neither cookies nor storage are allowed. */
const values: Record<string, string> = {};

let domain: string | undefined;

/**
 * The widest domain of `host` that takes a cookie: browsers refuse those under which strangers live (`co.uk`), so no
 * list of them is needed. Empty if none does; a cookie is then the host's own.
 */
export function widestDomain(host: string, takesCookie: (domain: string) => boolean): string {
  const labels = host.split('.');
  for (let i = labels.length; i--;) {
    const candidate = labels.slice(i).join('.');
    if (takesCookie(candidate)) return candidate;
  }
  return '';
}

function cookie(name: string): string | undefined {
  return attempt(() =>
    decodeURIComponent((document.cookie.match(`${name}=([^;]*)`) as RegExpMatchArray)[1] as string),
  );
}

function setCookie(name: string, value: string, at?: string): void {
  attempt(() => {
    document.cookie =
      `${name}=${encodeURIComponent(value)};path=/;samesite=lax;max-age=${value ? MAX_AGE : 0}` +
      (at && ';domain=' + at) +
      (/^https/.test(location.protocol) ? ';secure' : '');
  });
}

/** A value of this visitor; `undefined` or empty if there is none. */
export function recall(name: string): string | null | undefined {
  return cookie(name) ?? store?.getItem(name) ?? values[name];
}

/** The widest domain of this page that takes a cookie; empty if none does. */
export function siteDomain(): string {
  return (domain ??= widestDomain(location.hostname, (candidate) => {
    setCookie('temas_p', '1', candidate);
    const taken = !!cookie('temas_p');
    setCookie('temas_p', '', candidate);
    return taken;
  }));
}

/** Keeps a value in a cookie, else in localStorage, else for the life of the page; an empty one is forgotten. */
export function remember(name: string, value: string): void {
  values[name] = value;
  setCookie(name, value, siteDomain());
  if (!value) store?.removeItem(name);
  else if (cookie(name) !== value) keep(name, value);
}

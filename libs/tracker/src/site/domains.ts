/** Whether `host` is `domain` or lies under it; no host lies under the empty domain. */
export function isUnder(host: string, domain: string): boolean {
  return !!domain && ('.' + host).endsWith('.' + domain);
}

/** Whether a link from `here` to `host` leaves for another of the listed sites; one that shares our cookie is none. */
export function isOtherSite(host: string, here: string, sites: readonly string[]): boolean {
  return sites.some((site) => isUnder(host, site) && !isUnder(here, site));
}

/** Whether a server at `host` may set a cookie for the page at `here`, whose cookies are `domain`'s. */
export function maySetCookie(host: string, here: string, domain: string): boolean {
  return host === here || isUnder(host, domain);
}

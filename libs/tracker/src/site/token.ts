/** The parameter that hands a visitor over. */
export const PARAMETER = 'temas_v';

/** An address with a token; the rest stays as it was written. */
export function withToken(href: string, token: string): string {
  const url = new URL(href);
  url.search += `${url.search && '&'}${PARAMETER}=${token}`;
  return url.href;
}

/** The token in an address; empty if there is none. */
export function tokenOf(href: string): string {
  return new URL(href).searchParams.get(PARAMETER) ?? '';
}

/** An address without a token; the rest stays as it was written. */
export function withoutToken(href: string): string {
  return href.replace(/([?&])temas_v=[^&#]*(&?)/, (_, before: string, more: string) => more && before);
}

import type { PageDocument } from '../browser.ts';

declare const document: PageDocument;

/** What the address says of where a visitor came from: `campaign` of `utm_*`, `clickIds` of ad networks. */
export function campaignOf(search: URLSearchParams): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  search.forEach((value, name) => {
    const utm = name.split('utm_')[1];
    if (utm) (found.campaign ??= {})[utm === 'campaign' ? 'name' : utm] = value;
    else if (/(clid|braid|_fat_id)$/.test(name)) (found.clickIds ??= {})[name] = value;
  });
  return found;
}

/** The page at an address; `referrer` is the address before, of another page or of this application. */
export function pageContext(url: string, referrer: string): Record<string, unknown> {
  const { pathname, search, searchParams } = new URL(url);
  return {
    page: { url, path: pathname, search, title: document.title, referrer },
    ...campaignOf(searchParams),
  };
}

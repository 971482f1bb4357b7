/** Where a visitor came from, as an event tells it. Texts are empty where it does not. */
export interface VisitOrigin {
  readonly campaign: string;
  readonly source: string;
  readonly medium: string;
  /** Parameter of the address that holds a click id, such as `gclid`. */
  readonly clickId: string;
}

/** Parameters that advertisers' systems put into addresses, the most telling first. */
const CLICK_IDS = [
  ...[
    'gclid',
    'gbraid',
    'wbraid',
    'dclid',
    'msclkid',
    'yclid',
    'ttclid',
    'twclid',
    'li_fat_id',
    'ScCid',
    'epik',
  ],
  ...['rdt_cid', 'fbclid'],
];

/** Longest address that is read. */
const MAX_ADDRESS = 8_000;

/** Origin of an event: what `context.campaign` says, else the query of its address. */
export function visitOrigin(campaign: Readonly<Record<string, unknown>>, url: string): VisitOrigin {
  const query = queryOf(url);
  const said = (name: string, parameter: string): string =>
    text(campaign[name]) || (query?.get(parameter)?.trim() ?? '');
  return {
    campaign: said('name', 'utm_campaign'),
    source: said('source', 'utm_source'),
    medium: said('medium', 'utm_medium'),
    clickId: CLICK_IDS.find((parameter) => query?.get(parameter)) ?? '',
  };
}

function queryOf(url: string): URLSearchParams | undefined {
  const start = url.indexOf('?');
  if (start < 0 || url.length > MAX_ADDRESS) return undefined;
  const end = url.indexOf('#', start);
  return new URLSearchParams(url.slice(start + 1, end < 0 ? undefined : end));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

import type { Bindings } from '../query/statement.ts';
import {
  type ChannelRule,
  DIRECT_SOURCE,
  NO_MEDIUM,
  NOT_SET,
  type OriginCondition,
  UNASSIGNED,
} from './channel-rule.ts';
import { CLICK_IDS, MAIL_HOSTS, SITE_KINDS, SITES } from './sites.ts';

/**
 * SQL of the raw facts of where an event came from, a tuple that is all empty where it does not say: UTM source and medium,
 * campaign, parameter of a click id, host of a referrer that is not the site itself.
 */
export function markSql(): string {
  const host = (address: string): string => `lower(domainWithoutWWW(${address}))`;
  const domain = (address: string): string => `cutToFirstSignificantSubdomain(${host(address)})`;
  const isOwn = `(${domain('url')} != '' AND ${domain('referrer')} = ${domain('url')}) OR ${host('referrer')} = ${host('url')}`;
  const outside = `if(referrer = '' OR ${isOwn}, '', ${host('referrer')})`;
  return `(toString(utm_source), toString(utm_medium), toString(campaign), toString(click_id), ${outside})`;
}

/** SQL of columns over a tuple of `markSql`, layer over layer: `source`, `medium`, `name` of the campaign, `site`. */
export function originLayers(
  bindings: Bindings,
  mark: string,
): readonly (readonly (readonly [string, string])[])[] {
  const strings = (values: readonly string[]): string => bindings.bind('Array(String)', values);
  const parameters = strings(CLICK_IDS.map(({ parameter }) => parameter));
  const sources = strings(CLICK_IDS.map(({ source }) => source));
  const mediums = strings(CLICK_IDS.map(({ medium }) => medium));
  const kindOf = (brand: string, full: string): string =>
    `multiIf(${SITE_KINDS.map((kind) => `${full} IN ${strings(SITES[kind])} OR ${brand} IN ${strings(SITES[kind])}, '${kind}'`).join(', ')}, '')`;
  // `google` of `www.google.com.tr`, and of `google` itself.
  const brandOf = (name: string): string =>
    `splitByChar('.', if(position(${name}, '.') = 0, ${name}, cutToFirstSignificantSubdomain(${name})))[1]`;
  return [
    [
      ['mark_source', `lower(${mark}.1)`],
      ['mark_medium', `lower(${mark}.2)`],
      ['click_id_', `${mark}.4`],
      ['referrer_host', `${mark}.5`],
      ['click_at', `indexOf(${parameters}, ${mark}.4)`],
      ['host_brand', brandOf(`${mark}.5`)],
    ],
    [
      [
        'host_site',
        `if(referrer_host IN ${strings(MAIL_HOSTS)}, 'mail', ${kindOf('host_brand', 'referrer_host')})`,
      ],
    ],
    [
      [
        'source_',
        `multiIf(mark_source != '', mark_source, click_at > 0, ${sources}[click_at], referrer_host = '', if(mark_medium = '' AND ${mark}.3 = '', '${DIRECT_SOURCE}', '${NOT_SET}'), host_site = 'search', host_brand, referrer_host)`,
      ],
      [
        'medium_',
        `multiIf(mark_medium != '', mark_medium, click_at > 0, ${mediums}[click_at], mark_source != '', '${NOT_SET}', referrer_host = '', if(${mark}.3 = '', '${NO_MEDIUM}', '${NOT_SET}'), host_site = 'search', 'organic', host_site = 'mail', 'email', 'referral')`,
      ],
    ],
    [
      [
        'campaign_',
        `multiIf(${mark}.3 != '', ${mark}.3, source_ = '${DIRECT_SOURCE}', '${DIRECT_SOURCE}', '${NOT_SET}')`,
      ],
      [
        'site_',
        `if(referrer_host IN ${strings(MAIL_HOSTS)} AND mark_source = '', '', ${kindOf(brandOf('source_'), 'source_')})`,
      ],
    ],
  ];
}

/** SQL of the channel, over the columns of `originLayers`. */
export function channelSql(bindings: Bindings, rules: readonly ChannelRule[]): string {
  const cases = rules.flatMap(({ channel, when }) => [
    when.length === 0 ? '1' : when.map((condition) => conditionSql(bindings, condition)).join(' AND '),
    bindings.bind('String', channel),
  ]);
  return `multiIf(${[...cases, bindings.bind('String', UNASSIGNED)].join(', ')})`;
}

const COLUMN_OF = {
  source: 'source_',
  medium: 'medium_',
  campaign: 'lower(campaign_)',
  referrer: 'referrer_host',
  click_id: 'lower(click_id_)',
  site: 'site_',
} as const;

function conditionSql(bindings: Bindings, { field, op, values }: OriginCondition): string {
  const column = COLUMN_OF[field];
  const lower = values.map((value) => value.toLowerCase());
  switch (op) {
    case 'is':
      return `${column} IN ${bindings.bind('Array(String)', lower)}`;
    case 'is_not':
      return `${column} NOT IN ${bindings.bind('Array(String)', lower)}`;
    case 'contains':
      return `(${lower.map((value) => `position(${column}, ${bindings.bind('String', value)}) > 0`).join(' OR ')})`;
    case 'matches':
      return `(${values.map((value) => `match(${column}, ${bindings.bind('String', value)})`).join(' OR ')})`;
  }
}

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

/** Parts the facts of a mark, and is taken out of them. */
const PART = 'char(0)';

/**
 * SQL of the raw facts of where an event came from: UTM source and medium, campaign, parameter of a click id, host of a
 * referrer that is not the site itself. One text, since the engine groups texts several times faster than tuples.
 */
export function markSql(): string {
  const host = (address: string): string => `lower(domainWithoutWWW(${address}))`;
  const domain = (address: string): string => `cutToFirstSignificantSubdomain(${host(address)})`;
  const isOwn = `(${domain('url')} != '' AND ${domain('referrer')} = ${domain('url')}) OR ${host('referrer')} = ${host('url')}`;
  const outside = `if(referrer = '' OR ${isOwn}, '', ${host('referrer')})`;
  const said = ['utm_source', 'utm_medium', 'campaign', 'click_id'];
  return `concat(${[...said.map((name) => `replaceAll(${name}, ${PART}, '')`), outside].join(`, ${PART}, `)})`;
}

/** SQL of whether a mark says anything. */
export function saysSql(mark: string): string {
  return `(${mark} != repeat(${PART}, 4))`;
}

/** SQL of the facts of a mark, an array of texts; an empty text has none, which read as empty. */
export function factsSql(mark: string): string {
  return `splitByChar(${PART}, ${mark}, 5)`;
}

/** SQL of columns over `factsSql`, layer over layer: `source_`, `medium_`, `campaign_`, `site_`. */
export function originLayers(
  bindings: Bindings,
  facts: string,
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
      ['mark_source', `lower(${facts}[1])`],
      ['mark_medium', `lower(${facts}[2])`],
      ['click_id_', `${facts}[4]`],
      ['referrer_host', `${facts}[5]`],
      ['click_at', `indexOf(${parameters}, ${facts}[4])`],
      ['host_brand', brandOf(`${facts}[5]`)],
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
        `multiIf(mark_source != '', mark_source, click_at > 0, ${sources}[click_at], referrer_host = '', if(mark_medium = '' AND ${facts}[3] = '', '${DIRECT_SOURCE}', '${NOT_SET}'), host_site = 'search', host_brand, referrer_host)`,
      ],
      [
        'medium_',
        `multiIf(mark_medium != '', mark_medium, click_at > 0, ${mediums}[click_at], mark_source != '', '${NOT_SET}', referrer_host = '', if(${facts}[3] = '', '${NO_MEDIUM}', '${NOT_SET}'), host_site = 'search', 'organic', host_site = 'mail', 'email', 'referral')`,
      ],
    ],
    [
      [
        'campaign_',
        `multiIf(${facts}[3] != '', ${facts}[3], source_ = '${DIRECT_SOURCE}', '${DIRECT_SOURCE}', '${NOT_SET}')`,
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

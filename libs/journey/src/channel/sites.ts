/** What kind of site a visitor came from. */
export const SITE_KINDS = ['search', 'social', 'shopping', 'video'] as const;

/** What kind of site a visitor came from. */
export type SiteKind = (typeof SITE_KINDS)[number];

/**
 * Sites by kind, as the first label of their registrable domain (`google` for `www.google.com.tr`), or as `utm_source`
 * commonly names them. A selection of the sites in the source categories that Google publishes for Analytics 4.
 */
export const SITES: Readonly<Record<SiteKind, readonly string[]>> = {
  search: [
    ...[
      'google',
      'googlequicksearchbox',
      'bing',
      'duckduckgo',
      'yahoo',
      'yandex',
      'ya',
      'baidu',
      'ecosia',
      'ask',
      'aol',
    ],
    ...[
      'naver',
      'daum',
      'seznam',
      'qwant',
      'startpage',
      'brave',
      'sogou',
      'so',
      'rambler',
      'onet',
      'virgilio',
      'lycos',
    ],
    ...[
      'search',
      'webcrawler',
      'dogpile',
      'mojeek',
      'swisscows',
      'presearch',
      'petalsearch',
      'coccoc',
      'haosou',
      'msn',
    ],
  ],
  social: [
    ...[
      'facebook',
      'fb',
      'ig',
      'instagram',
      'twitter',
      'x',
      't.co',
      'linkedin',
      'lnkd',
      'pinterest',
      'pin',
      'reddit',
    ],
    ...[
      'tiktok',
      'snapchat',
      'threads',
      'tumblr',
      'vk',
      'ok',
      'weibo',
      'wechat',
      'weixin',
      'qq',
      'line',
      'whatsapp',
    ],
    ...[
      'telegram',
      't.me',
      'discord',
      'quora',
      'mastodon',
      'bsky',
      'bluesky',
      'medium',
      'meetup',
      'nextdoor',
      'xing',
    ],
    ...[
      'messenger',
      'eksisozluk',
      'stackoverflow',
      'stackexchange',
      'github',
      'flickr',
      'foursquare',
      'yelp',
      'kakao',
    ],
  ],
  shopping: [
    ...[
      'amazon',
      'ebay',
      'etsy',
      'aliexpress',
      'alibaba',
      'walmart',
      'shopify',
      'shopzilla',
      'mercadolibre',
      'rakuten',
    ],
    ...[
      'trendyol',
      'hepsiburada',
      'n11',
      'gittigidiyor',
      'ciceksepeti',
      'akakce',
      'cimri',
      'idealo',
      'shopping',
      'target',
    ],
  ],
  video: [
    ...[
      'youtube',
      'youtu',
      'vimeo',
      'twitch',
      'dailymotion',
      'netflix',
      'hulu',
      'disneyplus',
      'wistia',
      'crackle',
      'rutube',
    ],
    ...['bilibili', 'iqiyi', 'youku', 'ted', 'vevo'],
  ],
};

/** Hosts of mail in a browser: they share a domain with a search engine and are none. */
export const MAIL_HOSTS: readonly string[] = [
  ...['mail.google.com', 'com.google.android.gm', 'mail.yahoo.com', 'outlook.live.com', 'outlook.office.com'],
  ...[
    'outlook.office365.com',
    'mail.yandex.com',
    'mail.yandex.ru',
    'mail.yandex.com.tr',
    'mail.aol.com',
    'mail.proton.me',
  ],
];

/** A click id that advertisers' systems put into addresses, and what it says where no UTM parameter does. */
export interface ClickId {
  readonly parameter: string;
  readonly source: string;
  readonly medium: string;
}

/** Click ids. Facebook's also stands in addresses that nobody paid for: so it tells the site and no more. */
export const CLICK_IDS: readonly ClickId[] = [
  ...['gclid', 'gbraid', 'wbraid'].map((parameter) => ({ parameter, source: 'google', medium: 'cpc' })),
  { parameter: 'dclid', source: 'google', medium: 'cpm' },
  { parameter: 'msclkid', source: 'bing', medium: 'cpc' },
  { parameter: 'yclid', source: 'yandex', medium: 'cpc' },
  { parameter: 'ttclid', source: 'tiktok', medium: 'cpc' },
  { parameter: 'twclid', source: 'twitter', medium: 'cpc' },
  { parameter: 'li_fat_id', source: 'linkedin', medium: 'cpc' },
  { parameter: 'ScCid', source: 'snapchat', medium: 'cpc' },
  { parameter: 'epik', source: 'pinterest', medium: 'cpc' },
  { parameter: 'rdt_cid', source: 'reddit', medium: 'cpc' },
  { parameter: 'fbclid', source: 'facebook', medium: 'referral' },
];

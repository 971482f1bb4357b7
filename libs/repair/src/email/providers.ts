/**
 * Mail providers of the Turkish market and of the world, by their name: the suffixes under which each really gives out
 * addresses. All of them refuse letters beyond ASCII before the `@`.
 */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['gmail', 'com'],
  ['googlemail', 'com'],
  [
    'hotmail',
    'com com.tr co.uk fr de it es nl be se dk no fi ch at gr cz hu pl pt ca ru co.jp co.kr co.il co.th co.id com.ar com.br com.au com.hk com.vn my sg rs sk lv lt',
  ],
  [
    'outlook',
    'com com.tr fr de it es be dk at ie pt cz hu sk lv jp kr id my ph sa sg in co.th co.il com.ar com.br com.au com.vn com.gr cl',
  ],
  [
    'live',
    'com com.tr co.uk fr de it nl be se dk no fi ca at ru cn jp ie com.au com.mx com.ar com.pt com.my com.sg',
  ],
  ['windowslive', 'com'],
  ['msn', 'com'],
  [
    'yahoo',
    'com com.tr co.uk fr de it es ca in gr ie ro se dk no pl cz co.in co.jp co.id co.kr co.nz co.th co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe com.ph com.sg com.tw com.vn',
  ],
  ['ymail', 'com'],
  ['rocketmail', 'com'],
  ['icloud', 'com'],
  ['me', 'com'],
  ['mac', 'com'],
  ['yandex', 'com com.tr ru by kz ua com.am com.ge co.il ee fr lt lv md pl tj tm uz az'],
  ['mynet', 'com'],
  ['superonline', 'com'],
  ['ttmail', 'com'],
  ['ttnet', 'net.tr'],
  ['turk', 'net'],
  ['e-kolay', 'net'],
  ['ekolay', 'net'],
  ['kablonet', 'com.tr'],
  ['yaani', 'com'],
  ['proton', 'me'],
  ['protonmail', 'com ch'],
  ['pm', 'me'],
  ['gmx', 'com de net at ch fr us co.uk es'],
  ['web', 'de'],
  ['t-online', 'de'],
  ['freenet', 'de'],
  ['mail', 'com ru'],
  ['aol', 'com de fr it co.uk'],
  ['zoho', 'com'],
  ['tutanota', 'com'],
  ['fastmail', 'com fm'],
  ['orange', 'fr'],
  ['wanadoo', 'fr'],
  ['free', 'fr'],
  ['laposte', 'net'],
  ['libero', 'it'],
  ['wp', 'pl'],
  ['o2', 'pl'],
  ['abv', 'bg'],
  ['comcast', 'net'],
  ['inbox', 'ru'],
  ['bk', 'ru'],
  ['list', 'ru'],
  ['rambler', 'ru'],
  ['qq', 'com'],
]);

const PROVIDERS: ReadonlySet<string> = new Set(
  [...SUFFIXES].flatMap(([name, suffixes]) => suffixes.split(' ').map((suffix) => `${name}.${suffix}`)),
);

/** True for a domain under which a provider gives addresses to the public. */
export function isProvider(domain: string): boolean {
  return PROVIDERS.has(domain);
}

/** Domains near to which a typed one may be meant to be; short names are near to everything and not among them. */
export const NEARBY_PROVIDERS: readonly string[] = [
  ...[
    'gmail.com',
    'hotmail.com',
    'hotmail.com.tr',
    'outlook.com',
    'outlook.com.tr',
    'yahoo.com',
    'yahoo.com.tr',
  ],
  ...[
    'icloud.com',
    'yandex.com',
    'yandex.com.tr',
    'mynet.com',
    'windowslive.com',
    'superonline.com',
    'ttmail.com',
  ],
  'protonmail.com',
];

/**
 * Names that nobody but the provider uses: under `.co`, `.cm` and `.om`, which people reach by leaving a letter out of
 * `.com`, none of them gives addresses.
 */
export const ONLY_PROVIDERS: ReadonlySet<string> = new Set([
  ...['gmail', 'googlemail', 'hotmail', 'outlook', 'yahoo', 'icloud', 'windowslive', 'mynet', 'yandex'],
]);

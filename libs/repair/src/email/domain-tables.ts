/** Endings that are no public suffix, and the one that was meant. The longest that fits counts. */
const NO_SUFFIX: Readonly<Record<string, string>> = {
  con: 'com',
  cmo: 'com',
  ocm: 'com',
  comm: 'com',
  coom: 'com',
  vom: 'com',
  xom: 'com',
  cim: 'com',
  c0m: 'com',
  comtr: 'com.tr',
  'com.t': 'com.tr',
  'com.rt': 'com.tr',
  'com.tt': 'com.tr',
  nettr: 'net.tr',
  'net.t': 'net.tr',
  'net.rt': 'net.tr',
  orgtr: 'org.tr',
  'org.t': 'org.tr',
  'org.rt': 'org.tr',
  edutr: 'edu.tr',
  'edu.t': 'edu.tr',
  'edu.rt': 'edu.tr',
  govtr: 'gov.tr',
  'gov.t': 'gov.tr',
  'gov.rt': 'gov.tr',
  nte: 'net',
  ner: 'net',
  ogr: 'org',
  rog: 'org',
};

/** Endings below a real suffix, of which no more than the last label is registered. */
const BELOW_SUFFIX: Readonly<Record<string, string>> = {
  'con.tr': 'com.tr',
  'cmo.tr': 'com.tr',
  'om.tr': 'com.tr',
};

/** Names of providers as they are mistyped most. */
const NAMES: Readonly<Record<string, string>> = {
  gmial: 'gmail',
  gmal: 'gmail',
  gamil: 'gmail',
  gnail: 'gmail',
  gmil: 'gmail',
  gmaill: 'gmail',
  gmai: 'gmail',
  hotmial: 'hotmail',
  hotmal: 'hotmail',
  hormail: 'hotmail',
  homail: 'hotmail',
  otmail: 'hotmail',
  hotmaill: 'hotmail',
  outlok: 'outlook',
  outllok: 'outlook',
  yaho: 'yahoo',
  yahooo: 'yahoo',
  iclod: 'icloud',
  icloude: 'icloud',
};

/** Real domains that look like typos of others. Never touched. */
const REAL: ReadonlySet<string> = new Set([
  ...['ymail.com', 'mail.com', 'email.com', 'qmail.com', 'fastmail.com', 'googlemail.com', 'rocketmail.com'],
  ...['gmail.com.tr', 'mail.ru', 'email.it', 'email.cz', 'hushmail.com', 'mailo.com', 'gmx.com', 'yandex.ru'],
  ...['hotmail.com.tr', 'vodafone.com', 'isbank.com.tr', 'akbank.com', 'ekolay.net', 'turk.net', 'thy.com'],
]);

/** An ending that was mistyped. */
export interface MendedSuffix {
  /** The domain with the ending that was meant. */
  readonly domain: string;
  readonly typed: string;
}

/** The domain with the ending meant by one that no registry has; `undefined` if the tables do not know it. */
export function mendSuffix(domain: string): MendedSuffix | undefined {
  return mend(domain, NO_SUFFIX);
}

/** The same for endings in front of `.tr` that no registry has but a registrant could. */
export function mendBelowSuffix(domain: string): MendedSuffix | undefined {
  return mend(domain, BELOW_SUFFIX);
}

/** The domain with the name of the provider meant by its first label; `undefined` if the tables do not know it. */
export function mendName(domain: string): string | undefined {
  const dot = domain.indexOf('.');
  const typed = domain.slice(0, dot);
  const meant = Object.hasOwn(NAMES, typed) ? NAMES[typed] : undefined;
  return meant === undefined ? undefined : `${meant}${domain.slice(dot)}`;
}

/** True for a domain that exists although it looks like a typo. */
export function isReal(domain: string): boolean {
  return REAL.has(domain);
}

function mend(domain: string, table: Readonly<Record<string, string>>): MendedSuffix | undefined {
  for (const labels of [2, 1]) {
    const typed = domain.split('.').slice(-labels).join('.');
    const meant = Object.hasOwn(table, typed) ? table[typed] : undefined;
    if (meant === undefined || typed.length >= domain.length) continue;
    return { domain: `${domain.slice(0, domain.length - typed.length)}${meant}`, typed };
  }
  return undefined;
}

import { domainToUnicode } from 'node:url';
import { LRUCache } from 'lru-cache';
import { parse } from 'tldts';
import { foldTurkish } from '../turkish.ts';
import { isReal, mendBelowSuffix, mendName, mendSuffix } from './domain-tables.ts';
import { editDistance } from './edit-distance.ts';
import { isProvider, NEARBY_PROVIDERS, ONLY_PROVIDERS } from './providers.ts';

/** The domain that a typed one was meant to be. */
export interface MeantDomain {
  /** `correction`: by a curated rule. `suggestion`: merely near, for people to judge. */
  readonly outcome: 'correction' | 'suggestion';
  readonly domain: string;
  readonly ruleId: string;
  /** From 0 to 1: how often the rule is expected to be right. An author's estimate, not a measurement. */
  readonly confidence: number;
}

const ASCII = /^[\x21-\x7e]+$/;

/**
 * The domain that was meant by a canonical one (ASCII, lower case); `undefined` where it is taken as it is. The public
 * suffix list is asked before any table: an ending that a registry has is never mended by its looks, except for the
 * few below `.tr` and under a provider's own name.
 */
export function meantDomain(domain: string): MeantDomain | undefined {
  if (isProvider(domain) || isReal(domain)) return undefined;
  let verdict = verdicts.get(domain);
  if (verdict === undefined) {
    verdict = { meant: foreignLetters(domain) ?? mended(domain) ?? nearby(domain) };
    verdicts.set(domain, verdict);
  }
  return verdict.meant;
}

/** Domains repeat, and a verdict costs some 20 µs: the public suffix list, and a distance to each provider. */
const verdicts = new LRUCache<string, { readonly meant: MeantDomain | undefined }>({ max: 10_000 });

/** `gmaıl.com`: a provider's domain with letters that it does not have, typed or set as a trap. */
function foreignLetters(domain: string): MeantDomain | undefined {
  if (!domain.includes('xn--')) return undefined;
  const folded = foldTurkish(domainToUnicode(domain));
  if (!ASCII.test(folded)) return undefined;
  const further = isProvider(folded) ? undefined : curated(folded);
  const meant = further?.domain ?? folded;
  if (!isProvider(meant)) return undefined;
  const ruleId = ['domain.turkish-fold', ...(further === undefined ? [] : [further.ruleId])].join('+');
  return { outcome: 'correction', domain: meant, ruleId, confidence: further === undefined ? 0.98 : 0.95 };
}

/** `gmaik.con`: what the tables make of it is itself only near to a provider's, so people judge. */
function mended(typed: string): MeantDomain | undefined {
  const meant = curated(typed);
  if (meant === undefined || isProvider(meant.domain) || isReal(meant.domain)) return meant;
  const further = nearby(meant.domain);
  return further === undefined ? meant : { ...further, ruleId: `${meant.ruleId}+${further.ruleId}` };
}

function curated(typed: string): MeantDomain | undefined {
  const rules: string[] = [];
  let domain = typed;
  const suffixed = isListed(domain) ? mendBelowSuffix(domain) : mendSuffix(domain);
  if (suffixed !== undefined) {
    domain = suffixed.domain;
    rules.push(`tld.typo:${suffixed.typed}`);
  }
  if (!isReal(domain)) {
    const named = mendName(domain);
    const meant = named === undefined ? undefined : (mendCountry(named) ?? named);
    if (meant !== undefined && isProvider(meant)) {
      rules.push(`sld.typo:${domain.slice(0, domain.indexOf('.'))}`);
      domain = meant;
    }
  }
  const whole = mendCountry(domain);
  if (whole !== undefined) {
    domain = whole;
    rules.push('tld.provider-truncated');
  }
  if (rules.length === 0 || parse(domain).domain === null || !isListed(domain)) return undefined;
  const confidence = isProvider(domain) ? 0.98 : 0.9;
  return { outcome: 'correction', domain, ruleId: rules.join('+'), confidence };
}

const TRUNCATED = /^([a-z]+)\.(?:co|cm|om)$/;

/** `gmail.co`: a registry has the ending, the provider has no address there. */
function mendCountry(domain: string): string | undefined {
  const name = TRUNCATED.exec(domain)?.[1];
  return name !== undefined && ONLY_PROVIDERS.has(name) ? `${name}.com` : undefined;
}

const SUFFIXES_NEARBY = ['com', 'com.tr', 'net', 'org', 'edu.tr', 'gov.tr'];

function nearby(domain: string): MeantDomain | undefined {
  const suggest = (meant: string, ruleId: string, confidence: number): MeantDomain => ({
    outcome: 'suggestion',
    domain: meant,
    ruleId,
    confidence,
  });
  // As it is seen: `gmаil.com` with a Cyrillic а is one letter away.
  const provider = nearestProvider(domain.includes('xn--') ? domainToUnicode(domain) : domain);
  if (provider !== undefined) return suggest(provider, 'domain.nearby', 0.6);
  const name = providerName(domain);
  if (name !== undefined) return suggest(`${name}.com`, 'tld.not-of-provider', 0.5);
  if (isListed(domain)) return undefined;
  const labels = domain.split('.');
  for (const count of [2, 1]) {
    if (labels.length <= count) continue;
    const typed = labels.slice(-count).join('.');
    const meant = SUFFIXES_NEARBY.find((suffix) => typed.length > 2 && editDistance(typed, suffix, 1) === 1);
    if (meant !== undefined) {
      return suggest(`${domain.slice(0, domain.length - typed.length)}${meant}`, 'tld.nearby', 0.5);
    }
  }
  return undefined;
}

/**
 * The name of a provider in the first label, its typos mended, where it is what was registered or an ending like `.com`
 * follows: `gmial` of `gmial.com.tr`, `gmail` of `gmail.com.com`, nothing of a company's `outlook.firma.com`.
 */
function providerName(domain: string): string | undefined {
  const [label = '', next = ''] = domain.split('.');
  const registered = parse(domain).domainWithoutSuffix === label;
  if (!registered && editDistance(next, 'com', 1) > 1) return undefined;
  const name = mendName(`${label}.`)?.slice(0, -1) ?? label;
  return ONLY_PROVIDERS.has(name) ? name : undefined;
}

/** A name of five letters has too many real neighbours at distance 2: those that begin alike only. */
function nearestProvider(domain: string): string | undefined {
  let nearest: string | undefined;
  let least = 3;
  for (const provider of NEARBY_PROVIDERS) {
    const distance = editDistance(domain, provider, 2);
    if (distance >= least || distance === 0) continue;
    const short = provider.indexOf('.') <= 5;
    if (short && distance === 2 && domain[0] !== provider[0]) continue;
    nearest = provider;
    least = distance;
  }
  return nearest;
}

function isListed(domain: string): boolean {
  return parse(domain).isIcann === true;
}

import { getDomain, getDomainWithoutSuffix } from 'tldts';
import type { AttributionDefinition } from '../attribution/attribution.ts';
import { type ChannelRule, UNASSIGNED } from '../channel/channel-rule.ts';
import { CLICK_IDS, MAIL_HOSTS, SITE_KINDS, SITES } from '../channel/sites.ts';
import { ACTIONS } from '../selector/selector.ts';
import { fits, textOf, type TestEvent, valueOf } from './events.ts';

/** Where a touch came from, by the rules read word for word. */
export interface Origin {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  readonly referrer: string;
  readonly click_id: string;
  readonly site: string;
}

/** The raw facts of an event; `undefined` where it says nothing. */
function markOf(event: TestEvent): TestEvent | undefined {
  const host = hostOf(event.referrer ?? '');
  const own = hostOf(event.url ?? '');
  const isOwn = host === own || (own !== '' && domainOf(host) === domainOf(own));
  const referrer = isOwn ? '' : (event.referrer ?? '');
  const says = [event.utm_source, event.utm_medium, event.campaign, event.click_id, referrer].some(Boolean);
  return says ? { ...event, referrer } : undefined;
}

function hostOf(address: string): string {
  return address === '' ? '' : new URL(address).hostname.replace(/^www\./, '').toLowerCase();
}

function domainOf(host: string): string {
  return getDomain(host) ?? host;
}

function siteOf(name: string): string {
  const brand = name.includes('.') ? (getDomainWithoutSuffix(name) ?? name) : name;
  return SITE_KINDS.find((kind) => SITES[kind].includes(name) || SITES[kind].includes(brand)) ?? '';
}

/** The origin that a mark tells; of none, direct. */
export function originOf(mark: TestEvent | undefined): Origin {
  const host = hostOf(mark?.referrer ?? '');
  const isMail = MAIL_HOSTS.includes(host);
  const isSearch = !isMail && siteOf(host) === 'search';
  const [utmSource, utmMedium] = [
    mark?.utm_source?.toLowerCase() ?? '',
    mark?.utm_medium?.toLowerCase() ?? '',
  ];
  const click = CLICK_IDS.find(({ parameter }) => parameter === mark?.click_id);
  const saysNothing = utmMedium === '' && !mark?.campaign;
  let source = utmSource || click?.source;
  if (!source) {
    if (host === '') source = saysNothing ? '(direct)' : '(not set)';
    else source = isSearch ? (host.includes('.') ? getDomainWithoutSuffix(host)! : host) : host;
  }
  let medium = utmMedium || click?.medium;
  if (!medium) {
    if (utmSource !== '') medium = '(not set)';
    else if (host === '') medium = mark?.campaign ? '(not set)' : '(none)';
    else medium = isSearch ? 'organic' : isMail ? 'email' : 'referral';
  }
  const site = isMail && utmSource === '' ? '' : siteOf(source);
  return {
    source,
    medium,
    campaign: mark?.campaign || (source === '(direct)' ? '(direct)' : '(not set)'),
    referrer: host,
    click_id: mark?.click_id?.toLowerCase() ?? '',
    site,
  };
}

/** The channel of an origin: the first rule that is met. */
export function channelOf(origin: Origin, rules: readonly ChannelRule[]): string {
  const rule = rules.find(({ when }) =>
    when.every(({ field, op, values }) => {
      const own = origin[field].toLowerCase();
      const lower = values.map((value) => value.toLowerCase());
      if (op === 'is') return lower.includes(own);
      if (op === 'is_not') return !lower.includes(own);
      if (op === 'contains') return lower.some((value) => own.includes(value));
      return values.some((value) => new RegExp(value).test(own));
    }),
  );
  return rule?.channel ?? UNASSIGNED;
}

interface Touch {
  readonly at: number;
  readonly position: number;
  readonly name: string;
}

/** A way of somebody, with what it was worth; `ages` are ms from each touch to the conversion. */
export interface Way {
  readonly path: readonly string[];
  readonly converted: boolean;
  readonly worth: number;
  readonly ages: readonly number[];
}

/** Ways of all people, by the definition read word for word. */
export function evaluateAttribution(definition: AttributionDefinition, all: readonly TestEvent[]): Way[] {
  const { scope, conversion, lookbackMs, restart } = definition;
  if (conversion.of !== 'events') throw new TypeError('orders are not evaluated');
  const people = new Set(all.map(({ person }) => person).filter((person) => person !== ''));
  const ways: Way[] = [];
  for (const person of people) {
    const own = all
      .filter((event) => event.person === person && !event.bot)
      .sort((a, b) => a.at - b.at || a.position - b.position);
    const touches = touchesOf(
      definition,
      own.filter(({ at }) => at >= (scope.from ?? 0) - lookbackMs && at < (scope.to ?? Infinity)),
    );
    const found = own.filter(
      (event) =>
        event.at >= (scope.from ?? 0) &&
        event.at < (scope.to ?? Infinity) &&
        fits(event, conversion.selector),
    );
    const isBehind = (a: Touch | TestEvent, b: TestEvent): boolean =>
      a.at > b.at || (a.at === b.at && a.position > b.position);
    found.forEach((one, i) => {
      const before = found[i - 1];
      const path = touches.filter(
        (touch) =>
          !isBehind(touch, one) &&
          touch.at >= one.at - lookbackMs &&
          (!restart || before === undefined || isBehind(touch, before)),
      );
      const worth = Number(textOf(valueOf(one, conversion.valueField ?? ''))) || 0;
      ways.push({
        path: path.map(({ name }) => name),
        converted: true,
        worth,
        ages: path.map(({ at }) => one.at - at),
      });
    });
    const last = found.at(-1);
    const open = touches.filter((touch) => last === undefined || isBehind(touch, last));
    const newest = open.at(-1);
    if (newest === undefined) continue;
    const path = open.filter(({ at }) => at >= newest.at - lookbackMs);
    ways.push({ path: path.map(({ name }) => name), converted: false, worth: 0, ages: [] });
  }
  return ways;
}

function touchesOf({ touches, rules }: AttributionDefinition, own: readonly TestEvent[]): Touch[] {
  if (touches.of === 'events') {
    return own
      .filter((event) => fits(event, touches.selector))
      .flatMap(({ at, position, ...event }) => {
        const whole = { at, position, ...event };
        if (!('field' in touches)) return [{ at, position, name: nameOf(touches.by, markOf(whole), rules) }];
        const value = valueOf(whole, touches.field);
        return value === undefined ? [] : [{ at, position, name: textOf(value) }];
      });
  }
  const actions: readonly string[] = ACTIONS;
  const visits = new Map<string, TestEvent[]>();
  for (const event of own.filter(({ kind, session }) => actions.includes(kind) && session !== ''))
    visits.set(event.session, [...(visits.get(event.session) ?? []), event]);
  return [...visits.values()]
    .flatMap((events) => {
      const mark = events.map(markOf).find((one) => one !== undefined);
      if (mark === undefined && !events.some(({ kind }) => kind === 'page' || kind === 'screen')) return [];
      const { at, position } = events[0]!;
      return [{ at, position, name: nameOf(touches.by, mark, rules) }];
    })
    .sort((a, b) => a.at - b.at || a.position - b.position);
}

function nameOf(by: string, mark: TestEvent | undefined, rules: readonly ChannelRule[]): string {
  const origin = originOf(mark);
  if (by === 'channel') return channelOf(origin, rules);
  if (by === 'source_medium') return `${origin.source} / ${origin.medium}`;
  return origin[by as 'source'];
}

import type { Listen, PageDocument, PageElement, PageEvent, PageLocation } from '../browser.ts';
import { attempt } from '../core/attempt.ts';
import type { TrackerOptions } from '../tracker-api.ts';
import { ask } from './ask.ts';
import { deviceId } from './device.ts';
import { isOtherSite } from './domains.ts';
import { PARAMETER, withToken } from './token.ts';

declare const document: PageDocument & { readonly baseURI: string };
declare const location: PageLocation;
declare const addEventListener: Listen;

/** What comes before somebody goes: a token takes a request, and a click does not wait for it. */
const INTENTS = ['pointerover', 'pointerdown', 'focusin'];

/** No other token is asked for so soon after one that was refused, ms. */
const PAUSE = 10_000;

const LINK = 'a[href],area[href]';
const FORM = 'form';

/** Where somebody goes. */
interface Way {
  /** Holds the address in `attribute`. */
  readonly element: PageElement;
  readonly attribute: string;
  readonly url: string;
  /** A form that puts its fields in the place of the address's query. */
  readonly query: boolean;
}

/** The way to another of the company's sites that an event is about; `undefined` for all others. */
function wayOf(event: PageEvent, selector: string, sites: readonly string[]): Way | undefined {
  const { target, submitter } = event;
  const found = target?.closest?.(selector);
  if (!found) return undefined;
  const form = found.tagName === 'FORM';
  // A button may send its form elsewhere, or otherwise.
  const button = form && (submitter ?? target)?.closest('button,input');
  const own = (name: string): string | null => (button || found).getAttribute(`form${name}`);
  const element = form && button && own('action') ? button : found;
  const attribute = element === found ? (form ? 'action' : 'href') : 'formaction';
  const url = new URL(element.getAttribute(attribute) ?? '', document.baseURI);
  if (!/^http/.test(url.protocol) || !isOtherSite(url.hostname, location.hostname, sites)) return undefined;
  const method = own('method') ?? found.getAttribute('method') ?? '';
  return { element, attribute, url: url.href, query: form && !/^post$/i.test(method) };
}

/** Gives the device id to the company's other sites: links and forms to them carry a token that stands for it. */
export function handOver(o: TrackerOptions): void {
  const sites = o.link ?? [];
  let token = '';
  let owner: string | undefined;
  let until = 0;
  let asking = false;

  const prepare = async (event: PageEvent): Promise<void> => {
    if (asking || !wayOf(event, `${LINK},${FORM}`, sites)) return;
    const anonymousId = deviceId();
    if (!anonymousId || (owner === anonymousId && performance.now() < until)) return;
    asking = true;
    const answer = (await (await ask(o, 'handover', { anonymousId }))?.json().catch(() => undefined)) as
      { token: string; expiresIn: number } | undefined;
    asking = false;
    owner = anonymousId;
    token = answer?.token ?? '';
    // Half its life is for the time between here and the other site.
    until = performance.now() + (answer ? answer.expiresIn * 500 : PAUSE);
  };

  const decorate = (event: PageEvent, selector: string): void => {
    // The right button opens a menu, whose copied address is for anybody.
    const way = event.button !== 2 && token ? wayOf(event, selector, sites) : undefined;
    if (!way || owner !== deviceId()) return;
    const undo = way.query ? addField(event.target as PageElement, token) : addParameter(way, token);
    token = '';
    until = 0;
    // Wherever the browser goes, it has read the address by then; the page shall not keep it.
    setTimeout(undo);
  };

  const listen = (type: string, listener: (event: PageEvent) => unknown): void =>
    addEventListener(type, (event) => attempt(() => listener(event)), { capture: true, passive: true });
  for (const type of INTENTS) listen(type, (event) => void prepare(event).catch(() => {}));
  listen('click', (event) => decorate(event, LINK));
  listen('auxclick', (event) => decorate(event, LINK));
  listen('submit', (event) => decorate(event, FORM));
}

function addParameter({ element, attribute, url }: Way, token: string): () => void {
  const before = element.getAttribute(attribute) as string;
  const decorated = withToken(url, token);
  element.setAttribute(attribute, decorated);
  return () => {
    if (element.getAttribute(attribute) === decorated) element.setAttribute(attribute, before);
  };
}

function addField(form: PageElement, token: string): () => void {
  const field = Object.assign(document.createElement('input'), {
    type: 'hidden',
    name: PARAMETER,
    value: token,
  });
  form.append(field);
  return () => field.remove();
}

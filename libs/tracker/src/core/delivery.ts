import type { PageNavigator } from '../browser.ts';
import type { TrackerOptions } from '../tracker-api.ts';
import { attempt } from './attempt.ts';
import { keep, store } from './local-store.ts';
import { items, releaseItems, removeItems, type Item } from './outbox.ts';
import { isFinal, LONGEST_WAIT, waitAfter } from './retry.ts';
import { watch } from './watch.ts';

declare const navigator: PageNavigator;

/** Calls are gathered for this long, ms. */
const GATHER = 200;

/** Bytes of one request: browsers let 64 KiB in all outlive a page. */
const MOST_BYTES = 60_000;

/** A request without an answer is given up after this, ms. */
const TIMEOUT = 30_000;

/** Until when this site has to wait, ms since 1970: the next page knows it too. */
const WAIT = 'temas.w';

let url: string;
let head: string;
let timer: ReturnType<typeof setTimeout> | undefined;
let tries = 0;
let notBefore = 0;
let limit = Infinity;
let left = false;
let sending: readonly Item[] = [];

/** Sets where to send, and as whom. */
export function startDelivery({ host, key }: TrackerOptions): void {
  notBefore = performance.now() + Math.min(LONGEST_WAIT, +(store?.getItem(WAIT) as string) - Date.now());
  url = host + '/e/v1/batch';
  head = JSON.stringify({
    writeKey: key,
    // The same for all calls of a browser: sent once a batch.
    context: {
      library: { name: 'temas.js', version: '1' },
      locale: navigator.language,
    },
  }).slice(0, -1);
}

/** How many items from the front fit one request: one at least, `most` at most. */
export function fitting(waiting: readonly Item[], most: number): number {
  let bytes = 0;
  let count = 0;
  while (count < most && (bytes += (waiting[count]?.bytes ?? MOST_BYTES) + 1) < MOST_BYTES) count++;
  return count || 1;
}

function bodyOf(batch: readonly Item[]): string {
  return `${head},"sentAt":${Date.now()},"batch":[${batch.map(({ json }) => json).join()}]}`;
}

/** There is something to send, soon. */
export function poke(): void {
  if (left) leave();
  else timer ??= setTimeout(send, GATHER);
}

/** The network or the page is back: no more waiting for the next attempt. */
export function wake(): void {
  left = false;
  tries = notBefore = 0;
  send();
}

/** Sends what may be sent now: one request at a time, so that calls arrive in their order. */
export function send(): void {
  clearTimeout(timer);
  timer = undefined;
  const batch = items.slice(0, fitting(items, limit));
  const newest = batch.at(-1);
  if (!newest || sending[0]) return;
  const early = Math.max(newest.at, notBefore) - performance.now();
  if (early > 0) {
    timer = setTimeout(send, early);
    return;
  }
  sending = batch;
  watch('sent', batch);
  const asked = attempt(() =>
    fetch(url, {
      method: 'POST',
      body: bodyOf(batch),
      // A body beyond the browser's quota for requests that outlive the page would be refused for ever.
      keepalive: !!batch[1] || newest.bytes < MOST_BYTES,
      signal: AbortSignal.timeout(TIMEOUT),
    }),
  );
  if (asked) asked.then(settled, settled);
  else settled();

  /** `answer` is an error where there was none. */
  function settled(answer?: Partial<Response>): void {
    if (sending === batch) sending = [];
    const final = isFinal(answer?.status);
    if (answer?.ok || (final && !batch[1])) {
      watch(final ? 'refused' : 'confirmed', batch, answer);
      removeItems(batch);
      limit = Infinity;
      tries = notBefore = 0;
      store?.removeItem(WAIT);
    } else if (final) limit = batch.length >> 1;
    else {
      watch('again', batch, answer);
      const wait = waitAfter(++tries, +(answer?.headers?.get('retry-after') as string), Math.random());
      notBefore = performance.now() + wait;
      keep(WAIT, String(Date.now() + wait));
    }
    send();
  }
}

/** The page goes: hands over what is not on its way, and leaves the rest to the store; so does every later call. */
export function leave(): void {
  left = true;
  const rest = items.filter((item) => !sending.includes(item));
  while (rest[0]) {
    const batch = rest.splice(0, fitting(rest, Infinity));
    if (!attempt(() => navigator.sendBeacon(url, bodyOf(batch)))) break;
    watch('sent', batch);
  }
  releaseItems();
  sending = [];
}

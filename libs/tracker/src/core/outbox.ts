import type { PageNavigator } from '../browser.ts';
import { keep, store } from './local-store.ts';

declare const navigator: PageNavigator;

/** A call as it will be sent. */
export interface Item {
  /** `<page>.<number in the page, six digits or more>`: id of the message, and where it is stored. */
  readonly key: string;
  readonly json: string;
  /** UTF-8 bytes of `json`. */
  readonly bytes: number;
  /** Must not leave before, ms of the page's own clock, which nobody sets: its time would lie in the future. */
  readonly at: number;
  stored?: boolean;
}

/** Calls that are kept, at most; the oldest go first. */
export const MOST_ITEMS = 2_000;

/** What another tab wrote last may be seen this much later than its lock is given up, ms. */
const SETTLE = 100;

const PREFIX = 'temas.q.';

/*
 * What was called and not confirmed, in memory and in localStorage, one key an item: nothing to rewrite, nothing to
 * merge between tabs. Whoever holds a page's lock owns its stored items: the page itself while it lives, then the
 * first tab that asks. Without locks (pages that are not https) every page takes what it finds, and the collector
 * drops what comes twice.
 */

/** Not confirmed yet, oldest first. */
export let items: Item[] = [];

/** Pages whose lock was asked for. */
let asked: string[] = [];
/** Whether the lock of this page is ours. */
let holding = false;
let releases: (() => void)[] = [];
let storing = true;

function save(item: Item): void {
  if (storing && !item.stored) item.stored = keep(PREFIX + item.key, item.json);
}

function unsave(item: Item): void {
  if (item.stored) store?.removeItem(PREFIX + item.key);
  item.stored = false;
}

function storedKeys(): string[] {
  const keys = Object.keys(store ?? {}).filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => key.slice(PREFIX.length)).sort();
}

function take(from: string): boolean {
  const found = storedKeys()
    .filter((key) => key.startsWith(from))
    .map((key) => itemOf(key, store?.getItem(PREFIX + key) + '', 0, true));
  items.unshift(...found);
  items.forEach(save);
  return !!found[0];
}

/** Makes an item of a call's JSON. */
export function itemOf(key: string, json: string, at: number, stored?: boolean): Item {
  // Not the size of a Blob, which is shorter: the browser asks another process for each, 0.3 ms.
  return { key, json, at, stored, bytes: new TextEncoder().encode(json).length };
}

/** Adds a call. */
export function addItem(item: Item): void {
  items.push(item);
  // Before the lock is there, another tab could take the item for one that was left.
  if (holding) save(item);
  if (items.length > MOST_ITEMS) unsave(items.shift() as Item);
}

/** Confirmed, or refused for good. */
export function removeItems(gone: readonly Item[]): void {
  gone.forEach(unsave);
  items = items.filter((item) => !gone.some(({ key }) => key === item.key));
}

/**
 * Takes the place of `page`, and of pages that left something as soon as they have ended; `taken` runs for each that
 * did.
 */
export function adopt(page: string, taken: () => void): void {
  const { locks } = navigator;
  for (const from of new Set([page, ...storedKeys().map((key) => key.split('.')[0] as string)])) {
    if (asked.includes(from)) continue;
    asked.push(from);
    const own = (): Promise<void> => {
      holding ||= from === page;
      setTimeout(() => {
        if (take(from)) taken();
      }, SETTLE);
      return new Promise((release) => releases.push(release));
    };
    if (locks) locks.request(PREFIX + from, own).catch(() => {});
    else void own();
  }
}

/** The page goes: what is stored is left to whoever comes next, what is not stays here in case the page returns. */
export function releaseItems(): void {
  items.forEach(save);
  items = items.filter((item) => !item.stored);
  releases.forEach((release) => release());
  releases = [];
  asked = [];
  holding = false;
}

/** Whether items may be stored; if not, what is stored is taken out and stays in memory. */
export function allowStore(allowed: boolean): void {
  storing = allowed;
  items.forEach(allowed ? save : unsave);
}

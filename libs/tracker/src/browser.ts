/*
 * The part of a browser that the tracker touches, and nothing else: the project is compiled without the types of a
 * browser. A file declares the globals it uses with these types; bare globals also make the smallest script.
 */

/** Key–value text of this origin. Every access may throw: the user may forbid storage, or it may be full. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** An element as the tracker and its add-ons meet it: a link, a form, a field or whatever carries `data-temas-*`. */
export interface PageElement {
  readonly id: string;
  readonly tagName: string;
  readonly type?: string;
  readonly name?: string;
  readonly value?: string;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly href?: string;
  readonly elements?: ArrayLike<PageElement>;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly scrollHeight: number;
  readonly style: Record<string, string>;
  textContent: string | null;
  onclick: (() => void) | null;
  closest(selector: string): PageElement | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  append(...children: (PageElement | string)[]): void;
  prepend(...children: (PageElement | string)[]): void;
  remove(): void;
  attachShadow(options: { mode: 'open' }): { append(...children: PageElement[]): void };
}

/** A script element. */
export interface ScriptElement extends PageElement {
  src: string;
  async: boolean;
  nonce: string;
  integrity: string;
  crossOrigin: string | null;
}

/** What an event of the page tells us. */
export interface PageEvent {
  readonly target: PageElement | null;
  readonly persisted: boolean;
  readonly submitter?: PageElement | null;
  /** Of a mouse: 2 is the right one. */
  readonly button?: number;
  readonly message?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly colno?: number;
  readonly reason?: unknown;
}

/** Registers a listener on the window or the document. */
export type Listen = (
  type: string,
  listener: (event: PageEvent) => void,
  options?: { capture?: boolean; passive?: boolean },
) => void;

/** The document. */
export interface PageDocument {
  cookie: string;
  readonly referrer: string;
  readonly title: string;
  readonly hidden: boolean;
  readonly head: PageElement;
  readonly documentElement: PageElement;
  readonly currentScript: ScriptElement | null;
  createElement(tag: 'script'): ScriptElement;
  createElement(tag: string): PageElement;
  readonly addEventListener: Listen;
}

/** The address of the page. */
export interface PageLocation {
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly pathname: string;
  readonly search: string;
}

/** The browser and its device. */
export interface PageNavigator {
  readonly userAgent: string;
  readonly language: string;
  readonly globalPrivacyControl?: boolean;
  /** Locks shared by all tabs of an origin; absent on pages that are not https. */
  readonly locks?: {
    request(name: string, callback: () => Promise<void>): Promise<unknown>;
  };
  sendBeacon(url: string, body: string): boolean;
}

/** Changes of the address without a load. */
export type HistoryMethod = (data: unknown, unused: string, url?: string | URL | null) => void;

/** What `gtag('consent', 'update', { … })` leaves; other entries are any object. */
export interface LayerEntry {
  readonly 0?: unknown;
  readonly 1?: unknown;
  readonly 2?: Readonly<Record<string, unknown>>;
}

/** Where Google's tags and the tracker's own snippet leave what is for others. */
export interface PageGlobals {
  dataLayer?: LayerEntry[];
  temas?: { d?: { push(entry: unknown): unknown } };
}

/** An entry of the browser's own measurements; times in ms since the page was asked for. */
export interface TimingEntry {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  readonly interactionId?: number;
  readonly value?: number;
  readonly hadRecentInput?: boolean;
  readonly responseStart?: number;
}

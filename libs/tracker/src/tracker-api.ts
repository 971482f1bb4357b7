/** Values that travel as JSON. Functions and `undefined` are left out, as `JSON.stringify` does. */
export type Properties = Readonly<Record<string, unknown>>;

/** Purposes a person agreed to (`true`) or refused (`false`); `analytics` opens and closes the tracker itself. */
export type ConsentState = Readonly<Record<string, boolean>>;

/** What can be watched without a call. */
export type Capture = 'clicks' | 'forms' | 'outbound' | 'scroll' | 'vitals' | 'errors';

/** How a site installs the tracker. */
export interface TrackerOptions {
  /** Write key of a `client` source. It is no secret: everybody can read it in the page. */
  readonly key: string;
  /** Where Temas answers, such as `https://collect.example.com`; no slash at the end. */
  readonly host: string;
  /** `required`: no cookie, no storage and no request before `consent({ analytics: true })`. */
  readonly consent?: 'required';
  /** `false`: no page view at load and at changes of the address; `page()` is yours to call. */
  readonly pageViews?: boolean;
  /** What to watch; each loads an add-on. Nothing by default. */
  readonly capture?: readonly Capture[];
  /** `server`: Temas sets the device id as a cookie too, for browsers that forget a script's; loads an add-on. */
  readonly cookie?: 'server';
  /** Hosts of the company's sites, this one among them or not: links to the others hand over the device id. */
  readonly link?: readonly string[];
  /** Where the script and its add-ons are served; `<host>/e/` by default. Ends with a slash. */
  readonly scripts?: string;
  /** The page's CSP nonce, for add-ons; the snippet fills it in. */
  readonly nonce?: string;
  /** Subresource integrity by script (`t`, `t.auto`, `t.debug`, `t.site`), as the build prints it. */
  readonly integrity?: Readonly<Record<string, string>>;
}

/** What a single call may set beside its own arguments. */
export interface CallOptions {
  /** Merged into the call's context by its top-level keys. */
  readonly context?: Properties;
}

/** The calls of a page. None throws and none waits: what cannot be sent now is sent later. */
export interface Tracker {
  /** A page was seen; one text is the name, two are category and name. */
  page(name?: string, properties?: Properties, options?: CallOptions): void;
  page(category: string, name: string, properties?: Properties, options?: CallOptions): void;
  /** The person did something. */
  track(event: string, properties?: Properties, options?: CallOptions): void;
  /** The person is known by `userId`, or has these traits. Later calls carry the id until `reset()`. */
  identify(userId: string, traits?: Properties, options?: CallOptions): void;
  identify(traits: Properties, options?: CallOptions): void;
  /** The person acts for an account. */
  group(groupId: string, traits?: Properties, options?: CallOptions): void;
  /** Two ids of one person; `previousId` is the device's id by default. */
  alias(userId: string, previousId?: string, options?: CallOptions): void;
  /** At log-out: forgets the person and gives the device a new id and session. */
  reset(): void;
  /** What the person agreed to or refused; merged with what was said before and told as `Consent Updated`. */
  consent(state: ConsentState): void;
  /** Runs as soon as the script is there. */
  ready(action: (tracker: Tracker) => void): void;
}

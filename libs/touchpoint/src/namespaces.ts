/**
 * What an identifier stands for: `unique` one person's key in some system, `contact` a way to reach people,
 * `device` a thing that people use.
 */
export type NamespaceClass = 'unique' | 'contact' | 'device';

/** Rules of a namespace: the table of R0. */
export interface NamespaceRules {
  readonly class: NamespaceClass;
  /** 1 is the best: decides anchors and which identifiers lead. */
  readonly priority: number;
  /** Most distinct values in one profile. */
  readonly limit: number;
  /** Quarantined when seen with more distinct unique-class values than this; infinite for unique namespaces. */
  readonly quarantineAt: number;
  /**
   * Which link of an identifier stands where they contradict each other: the one said first, or with `latest` the one
   * said last, by UTC day so that it changes hands at most once a day.
   */
  readonly conflictPolicy?: 'latest';
}

const unique = (priority: number): NamespaceRules => ({
  class: 'unique',
  priority,
  limit: 1,
  quarantineAt: Number.POSITIVE_INFINITY,
});
const contact = (priority: number): NamespaceRules => ({
  class: 'contact',
  priority,
  limit: 5,
  quarantineAt: 5,
});
const device = (priority: number, limit: number): NamespaceRules => ({
  class: 'device',
  priority,
  limit,
  quarantineAt: 10,
});

const RULES: ReadonlyMap<string, NamespaceRules> = new Map([
  ['user_id', unique(1)],
  ['crm_id', unique(2)],
  ['loyalty_id', unique(3)],
  ['national_id', unique(4)],
  ['email', contact(5)],
  ['phone', contact(6)],
  ['push_token', device(8, 50)],
  ['idfa', device(9, 50)],
  ['gaid', device(9, 50)],
  ['device_id', device(9, 50)],
  ['anonymous_id', device(10, 100)],
  // A person has as many as they have orders; a refund names nobody else.
  ['shopify_order_id', device(11, 10_000)],
  ['shopify_checkout_id', device(11, 10_000)],
  ['touchpoint', { class: 'device', priority: 11, limit: Number.POSITIVE_INFINITY, quarantineAt: 10 }],
]);

const OTHER = contact(7);

/** Rules of a namespace. Social handles and every namespace that is not in the table are contacts of priority 7. */
export function namespaceRules(namespace: string): NamespaceRules {
  return RULES.get(namespace) ?? OTHER;
}

/**
 * A webhook item that named nobody when it came, as an identifier of itself: a newer mapping that finds its person
 * links it. Never given from outside.
 */
export const TOUCHPOINT_NAMESPACE = 'touchpoint';

/** Marks the ref of an unattributed touchpoint's own key; never the namespace of an identifier. */
export const EVENT_NAMESPACE = 'event';

const NAMESPACE = /^[a-z0-9_]{1,32}$/;

/** Namespace under which the key store gives a snapshot's row its ref: evidence, never an identifier. */
export const RECORD_NAMESPACE = 'record';

const RESERVED: ReadonlySet<string> = new Set([EVENT_NAMESPACE, TOUCHPOINT_NAMESPACE, RECORD_NAMESPACE]);

/** True if `text` can name a namespace of identifiers from outside: `[a-z0-9_]{1,32}`, and none of ours. */
export function isNamespace(text: string): boolean {
  return NAMESPACE.test(text) && !RESERVED.has(text);
}

/** True if `text` may stand as the namespace of a ref in an envelope. */
export function isEnvelopeNamespace(text: string): boolean {
  return isNamespace(text) || text === EVENT_NAMESPACE || text === TOUCHPOINT_NAMESPACE;
}

/** Namespaces that have rules of their own by default, best first. */
export const TABLE_NAMESPACES: readonly string[] = [...RULES.keys()].filter(isNamespace);

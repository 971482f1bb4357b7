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
]);

const OTHER = contact(7);

/** Rules of a namespace. Social handles and every namespace that is not in the table are contacts of priority 7. */
export function namespaceRules(namespace: string): NamespaceRules {
  return RULES.get(namespace) ?? OTHER;
}

/** Marks the ref of an unattributed touchpoint's own key; never the namespace of an identifier. */
export const EVENT_NAMESPACE = 'event';

const NAMESPACE = /^[a-z0-9_]{1,32}$/;

/** True if `text` can name a namespace of identifiers: `[a-z0-9_]{1,32}`, and not `event`. */
export function isNamespace(text: string): boolean {
  return NAMESPACE.test(text) && text !== EVENT_NAMESPACE;
}

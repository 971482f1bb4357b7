import { namespaceRules } from '#touchpoint';
import type { IdentityRules } from '../rules.ts';

/** Rules under which a few dozen observations meet every limit: small counts, otherwise as the default ones. */
export const TIGHT_RULES: IdentityRules = {
  version: 0,
  namespace: (ns) => {
    const rules = namespaceRules(ns);
    if (rules.class === 'unique') return rules;
    return rules.class === 'contact'
      ? { ...rules, limit: 2, quarantineAt: 3 }
      : { ...rules, limit: 3, quarantineAt: 3 };
  },
  maxMembers: 8,
  floodAt: { unique: 11, contact: 9, device: 7 },
  blocked: new Set(),
  traits: {},
};

/** The same, where the latest e-mail of a person stands and not the first. */
export const LATEST_RULES: IdentityRules = {
  ...TIGHT_RULES,
  namespace: (ns) => {
    const rules = TIGHT_RULES.namespace(ns);
    return ns === 'email' ? { ...rules, limit: 1, conflictPolicy: 'latest' } : rules;
  },
};

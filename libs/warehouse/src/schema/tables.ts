import { ACCOUNT_MEMBERS, ACCOUNTS, ORDER_ITEMS, ORDERS, SESSIONS } from './activity-tables.ts';
import { CONSENT_CHOICES } from './consent-tables.ts';
import { IDENTITY_OVERRIDES, SESSION_OVERRIDES, SQUASHES } from './override-tables.ts';
import { DERIVATIONS, IDENTITIES_HISTORY, PROFILE_ALIASES } from './history-tables.ts';
import { CORRECTIONS, MATCH_KEYS } from './correction-tables.ts';
import { ARRIVAL_TALLIES } from './quality-tables.ts';
import type { Table } from './table.ts';
import { EVENTS, IDENTITIES, IDENTITY_DECISIONS, PROFILES } from './person-tables.ts';

/** All tables of a generation. */
export const TABLES: readonly Table[] = [
  EVENTS,
  PROFILES,
  IDENTITIES,
  IDENTITY_DECISIONS,
  IDENTITY_OVERRIDES,
  ORDERS,
  ORDER_ITEMS,
  SESSIONS,
  SESSION_OVERRIDES,
  ACCOUNTS,
  ACCOUNT_MEMBERS,
  CONSENT_CHOICES,
  SQUASHES,
  IDENTITIES_HISTORY,
  PROFILE_ALIASES,
  DERIVATIONS,
  CORRECTIONS,
  MATCH_KEYS,
  ARRIVAL_TALLIES,
];

export * from './activity-tables.ts';
export * from './consent-tables.ts';
export * from './override-tables.ts';
export * from './history-tables.ts';
export * from './correction-tables.ts';
export * from './person-tables.ts';
export * from './quality-tables.ts';

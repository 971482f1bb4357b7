import { ANCHOR, NAME, TIME, WORKSPACE } from './columns.ts';
import type { Column, Table } from './table.ts';

const POSITION: Column = {
  name: 'position',
  type: 'UInt64',
  comment: 'Log position of the event that made it so.',
};
const VALID_FROM: Column = { name: 'valid_from', type: TIME, comment: 'From when on, log time. UTC, ms.' };

/** Granules in which a profile's rows may lie: ids are random, and the table lies in the order of something else. */
const BY_PROFILE = 'INDEX by_profile profile_id TYPE bloom_filter(0.001) GRANULARITY 1';

/** An identifier that came to a profile, per row; the next one of the same identifier ends it. */
export const IDENTITIES_HISTORY: Table = {
  name: 'identities_history',
  comment: 'To which person an identifier belonged, and when, by log time.',
  columns: [
    WORKSPACE,
    { name: 'namespace', type: NAME, comment: 'Kind of identifier: user_id, email, anonymous_id, …' },
    ANCHOR,
    { name: 'profile_id', type: 'UUID', comment: 'Person it belonged to in that time.' },
    POSITION,
    VALID_FROM,
  ],
  engine: 'MergeTree',
  orderBy: ['workspace', 'anchor_id', 'position'],
  indexes: [BY_PROFILE],
};

/** An id that came to lead to another profile, or to its own again, per row. */
export const PROFILE_ALIASES: Table = {
  name: 'profile_aliases',
  comment: 'An id of a person that leads to another one, because the two turned out to be one person.',
  columns: [
    WORKSPACE,
    { name: 'alias_id', type: 'UUID', comment: 'Id that a person had.' },
    { name: 'profile_id', type: 'UUID', comment: 'Person that it led to in that time.' },
    POSITION,
    VALID_FROM,
  ],
  engine: 'MergeTree',
  orderBy: ['workspace', 'alias_id', 'position'],
  indexes: [BY_PROFILE],
};

/** Identifiers that a newer mapping found in an item received long before, per row. */
export const DERIVATIONS: Table = {
  name: 'derivations',
  comment: 'Identifiers that a newer mapping of a source found in an item that it had sent before.',
  columns: [
    WORKSPACE,
    { name: 'event_id', type: 'UUID', comment: 'Id of the finding; evidence of decisions.' },
    { name: 'of_event_id', type: 'UUID', comment: 'The item; join with events on event_id.' },
    { name: 'position', type: 'UInt64', comment: 'Place of the finding in the event log.' },
    { name: 'source', type: NAME, comment: 'Source that sent the item.' },
    { name: 'occurred_at', type: TIME, comment: 'When the item happened. UTC, ms.' },
    { name: 'recorded_at', type: TIME, comment: 'Log time of the finding. UTC, ms.' },
    ANCHOR,
    { name: 'identifiers', type: 'Array(UInt64)', comment: 'Identifiers found, as in anchor_id.' },
    {
      name: 'trust',
      type: NAME,
      comment: "server: a system of the company sent the item; client: somebody's device did.",
    },
  ],
  engine: 'MergeTree',
  orderBy: ['workspace', 'position'],
};

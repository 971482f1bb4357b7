import type { Column } from './table.ts';

/** Moments: UTC, milliseconds. */
export const TIME = "DateTime64(3, 'UTC')";

/** JSON kept as text: the truth of what was sent, compressed well. */
export const JSON_TEXT = { type: 'String', codec: 'ZSTD(3)' };

/** Texts of few different values. */
export const NAME = 'LowCardinality(String)';

/** Money and quantities, exact to four digits. */
export const DECIMAL = 'Decimal(18, 4)';

/** First column of every table. */
export const WORKSPACE: Column = { name: 'workspace', type: NAME, comment: 'Tenant. Never empty.' };

/** What a row belongs to for ever, whoever it turns out to be. */
export const ANCHOR: Column = {
  name: 'anchor_id',
  type: 'UInt64',
  comment: 'Identifier the row belongs to for ever; a random stand-in that says nothing of its value.',
};

/** The person of now, resolved by the view. */
export const PERSON: Column = {
  name: 'profile_id',
  type: 'UUID',
  comment: 'Person it belongs to now, after all merges and splits. The nil UUID where it belongs to nobody.',
};

/** The visit of now, resolved by the view. */
export const SESSION: Column = {
  name: 'session_id',
  type: 'UUID',
  comment: 'Visit it belongs to; join with sessions. The nil UUID where it belongs to none.',
};

/** Newest row wins. */
export const VERSION: Column = {
  name: 'version',
  type: 'UInt64',
  comment: 'Position of the event that made this version.',
  hidden: true,
};

/** Rows that are no more. */
export const IS_DELETED: Column = {
  name: 'is_deleted',
  type: 'UInt8',
  comment: '1 for a row that was joined with another or erased.',
  hidden: true,
};

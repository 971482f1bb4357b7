import { ANCHOR, NAME, SESSION, WORKSPACE } from './columns.ts';
import type { Table } from './table.ts';

/**
 * Every move of an identifier to another person. In the order of the log, so that those that are not folded into
 * the rows yet are one range at its end, whatever the table's size. Rows stay when they are folded: only the range
 * that is looked up shrinks.
 */
export const IDENTITY_OVERRIDES: Table = {
  name: 'identity_overrides',
  comment: 'Identifiers that changed their profile after events of theirs had been written.',
  columns: [
    WORKSPACE,
    ANCHOR,
    { name: 'profile_id', type: 'UUID', comment: 'Person it belongs to now.' },
    { name: 'version', type: 'UInt64', comment: 'Position of the event that moved it.' },
  ],
  engine: 'MergeTree',
  orderBy: ['version', 'anchor_id'],
};

/** A session that a late event joined with an earlier one; rows of events keep the id of their own position. */
export const SESSION_OVERRIDES: Table = {
  name: 'session_overrides',
  comment: 'Sessions that were joined with an earlier one after events of theirs had been written.',
  columns: [
    WORKSPACE,
    SESSION,
    { name: 'moved_to', type: 'UUID', comment: 'Session that it is part of now.' },
    { name: 'version', type: 'UInt64', comment: 'Position of the event that joined them.' },
  ],
  engine: 'MergeTree',
  orderBy: ['version', 'session_id'],
};

/**
 * How far overrides have been folded into the rows: one row per squash, the highest counts. Its insert is the moment
 * at which a squash takes effect.
 */
export const SQUASHES: Table = {
  name: 'squashes',
  comment: 'Up to where overrides are part of the rows themselves.',
  columns: [
    { name: 'overrides', type: NAME, comment: 'Table of the overrides that were folded.' },
    {
      name: 'folded_to',
      type: 'UInt64',
      comment: 'Overrides up to this log position need no look-up any more.',
    },
  ],
  engine: 'MergeTree',
  orderBy: ['overrides', 'folded_to'],
};

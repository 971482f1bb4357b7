import {
  ANCHOR,
  DECIMAL,
  IS_DELETED,
  JSON_TEXT,
  NAME,
  PERSON,
  SESSION,
  TIME,
  VERSION,
  WORKSPACE,
} from './columns.ts';
import type { Column, Table } from './table.ts';

const ORDER_ID: Column = {
  name: 'order_id',
  type: 'String',
  comment: 'Id of the order as sent; the event id of an order that was sent without one.',
};
const CURRENCY: Column = {
  name: 'currency',
  type: NAME,
  comment: 'ISO 4217, upper case. USD where none was sent.',
};
const ACCOUNT_ID: Column = {
  name: 'account_id',
  type: 'String',
  comment: 'Id of the account (groupId) as sent.',
};
const FIRST_SEEN: Column = {
  name: 'first_seen_at',
  type: TIME,
  comment: 'Time of the earliest event. UTC, ms.',
};
const LAST_SEEN: Column = { name: 'last_seen_at', type: TIME, comment: 'Time of the latest event. UTC, ms.' };

/** An order per row, however many events told of it. */
export const ORDERS: Table = {
  name: 'orders',
  comment: 'An order, once, folded from all events that name it in whatever order they came.',
  columns: [
    WORKSPACE,
    ORDER_ID,
    ANCHOR,
    PERSON,
    {
      name: 'ordered_at',
      type: TIME,
      comment: 'Time of the earliest Order Completed (else Updated). UTC, ms.',
    },
    { name: 'status', type: NAME, comment: 'completed, cancelled, refunded or partially_refunded.' },
    CURRENCY,
    {
      name: 'gross',
      type: DECIMAL,
      comment: 'Value without shipping and tax, from the newest Completed or Updated.',
    },
    { name: 'refunded', type: DECIMAL, comment: 'Sum of its refunds, never more than gross.' },
    { name: 'net', type: DECIMAL, comment: 'gross - refunded; 0 for a cancelled order.' },
    {
      name: 'flags',
      type: 'Array(String)',
      comment:
        'What to look at: amount_missing, amount_negative, refund_in_other_currency, refund_unreadable, … Mostly empty.',
    },
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'order_id'],
};

/** A line of an order per row; lines of older versions of an order are hidden by the view. */
export const ORDER_ITEMS: Table = {
  name: 'order_items',
  comment: 'A line of an order, from its newest Completed or Updated that lists products.',
  columns: [
    WORKSPACE,
    ORDER_ID,
    { name: 'line', type: 'UInt32', comment: 'Number of the line in its order, from 1.' },
    ANCHOR,
    PERSON,
    { name: 'product_id', type: 'String', comment: 'Id of the product. Empty where absent.' },
    { name: 'sku', type: 'String', comment: 'Stock keeping unit. Empty where absent.' },
    { name: 'name', type: 'String', comment: 'Name of the product. Empty where absent.' },
    { name: 'category', type: 'String', comment: 'Category of the product. Empty where absent.' },
    { name: 'quantity', type: DECIMAL, comment: 'How many; 1 where absent.' },
    { name: 'price', type: `Nullable(${DECIMAL})`, comment: 'Price of one. NULL where absent.' },
    CURRENCY,
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'order_id', 'line'],
};

/** A visit per row. */
export const SESSIONS: Table = {
  name: 'sessions',
  comment: 'A visit: what a device did without a pause longer than 30 minutes.',
  columns: [
    WORKSPACE,
    SESSION,
    { name: 'device_id', type: 'UInt64', comment: 'Identifier of the device, as in anchor_id.' },
    ANCHOR,
    PERSON,
    { name: 'started_at', type: TIME, comment: 'Time of its first event. UTC, ms.' },
    { name: 'ended_at', type: TIME, comment: 'Time of its last event. UTC, ms.' },
    { name: 'event_count', type: 'UInt64', comment: 'How many events it has.' },
    { name: 'entry_path', type: 'String', comment: 'Path of its first page. Empty where none was sent.' },
    { name: 'exit_path', type: 'String', comment: 'Path of its last page. Empty where none was sent.' },
    { name: 'campaign', type: NAME, comment: 'First campaign name in it. Empty where none was sent.' },
    { name: 'source', type: NAME, comment: 'Source of its first event.' },
    {
      name: 'duration_s',
      type: 'Float64',
      comment: 'Seconds from its first to its last event; 0 for one event.',
    },
    VERSION,
    IS_DELETED,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'session_id'],
};

/** An account (company, household, team) per row. */
export const ACCOUNTS: Table = {
  name: 'accounts',
  comment: 'An account that people belong to, as group calls tell of it.',
  columns: [
    WORKSPACE,
    ACCOUNT_ID,
    {
      name: 'traits',
      ...JSON_TEXT,
      comment: 'Current traits as JSON text {name: value}. {} where there are none.',
    },
    FIRST_SEEN,
    LAST_SEEN,
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'account_id'],
};

/** A person's identifier in an account per row; a person can be in many, an account has many. */
export const ACCOUNT_MEMBERS: Table = {
  name: 'account_members',
  comment: 'That a person was named with an account.',
  columns: [
    WORKSPACE,
    ACCOUNT_ID,
    ANCHOR,
    PERSON,
    FIRST_SEEN,
    LAST_SEEN,
    { name: 'source', type: NAME, comment: 'Source that named them together first.' },
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'account_id', 'anchor_id'],
};

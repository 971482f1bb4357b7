import type { Warehouse } from '../warehouse.port.ts';
import { NIL_PROFILE as NIL } from '#kernel';
import { stringLiteral } from '../sql-text/literal.ts';
import {
  ACCOUNT_MEMBERS,
  ACCOUNTS,
  CONSENT_CHOICES,
  EVENTS,
  IDENTITIES,
  IDENTITY_DECISIONS,
  IDENTITY_OVERRIDES,
  ORDER_ITEMS,
  ORDERS,
  PROFILES,
  SESSION_OVERRIDES,
  SESSIONS,
} from './tables.ts';
import { NAME, PERSON, TIME, WORKSPACE } from './columns.ts';
import { publicColumns, tableName, type Column, type Table } from './table.ts';

/** What analysts find under a name: a SELECT over one generation's tables. */
export interface View {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
  /** Columns that order its rows; unique together inside a workspace. */
  readonly key: readonly string[];
  /** The rows of a workspace. */
  select(workspace: string, generation: number): string;
}

/** Database that a workspace's analysts see. */
export function databaseOf(workspace: string): string {
  return workspace === 'default' ? 'temas' : `temas_${workspace}`;
}

/** An identifier's person of now, for rows that keep the person of their own position. Anchors are never 0. */
function personOfNow(workspace: string, generation: number): string {
  return [
    'LEFT ALL JOIN (SELECT anchor_id, argMax(profile_id, version) AS moved_to',
    `FROM ${tableName(IDENTITY_OVERRIDES, generation)} WHERE workspace = ${stringLiteral(workspace)}`,
    'GROUP BY anchor_id) AS o ON t.anchor_id = o.anchor_id',
  ].join(' ');
}

// A reader may have set join_use_nulls: what a join leaves is then NULL instead of 0, and its columns are Nullable.
const PERSON_OF_NOW = 'if(ifNull(o.anchor_id, 0) = 0, t.profile_id, assumeNotNull(o.moved_to)) AS profile_id';
const SESSION_OF_NOW = `if(ifNull(s.joined, toUUID('${NIL}')) = toUUID('${NIL}'), t.session_id, assumeNotNull(s.joined)) AS session_id`;

/** Columns of a row `t`, with the person of now. */
function ownedColumns(columns: readonly Column[]): string[] {
  return columns.map(({ name }) => (name === 'profile_id' ? PERSON_OF_NOW : `t.${name} AS ${name}`));
}

/**
 * `events` with the person and the visit of now. The joins' right sides are the small override tables; what a join
 * leaves where there is no override is 0 or the nil UUID. Conditions on the key's columns pass through to the table.
 */
const EVENTS_VIEW: View = {
  ...shown(EVENTS, ['anchor_id', 'occurred_at', 'event_id']),
  select: (workspace, generation) => {
    const columns = ownedColumns(publicColumns(EVENTS)).map((column) =>
      column === 't.session_id AS session_id' ? SESSION_OF_NOW : column,
    );
    return [
      `SELECT ${columns.join(', ')} FROM ${tableName(EVENTS, generation)} AS t`,
      personOfNow(workspace, generation),
      'LEFT ALL JOIN (SELECT session_id, argMax(moved_to, version) AS joined',
      `FROM ${tableName(SESSION_OVERRIDES, generation)} WHERE workspace = ${stringLiteral(workspace)}`,
      'GROUP BY session_id) AS s ON t.session_id = s.session_id',
      `WHERE t.workspace = ${stringLiteral(workspace)}`,
    ].join(' ');
  },
};

/** Lines of the newest version of their order: an update that drops a line leaves the old row behind. */
const ORDER_ITEMS_VIEW: View = {
  ...shown(ORDER_ITEMS, ['order_id', 'line']),
  select: (workspace, generation) =>
    [
      `SELECT ${ownedColumns(publicColumns(ORDER_ITEMS)).join(', ')}`,
      `FROM ${tableName(ORDER_ITEMS, generation)} AS t FINAL`,
      `INNER ALL JOIN (SELECT order_id, version FROM ${tableName(ORDERS, generation)} FINAL`,
      `WHERE workspace = ${stringLiteral(workspace)}) AS c ON t.order_id = c.order_id AND t.version = c.version`,
      personOfNow(workspace, generation),
      `WHERE t.workspace = ${stringLiteral(workspace)}`,
    ].join(' '),
};

const CHOICES_VIEW = owned(CONSENT_CHOICES, ['anchor_id', 'purpose']);

/** A person's word on a purpose: a refusal under any of their identifiers stands. */
const CONSENTS_VIEW: View = {
  name: 'consents',
  comment: 'What a person agrees to now, by purpose. No row is no permission.',
  columns: [
    WORKSPACE,
    PERSON,
    { name: 'purpose', type: NAME, comment: 'What was asked: analytics, marketing, ad_storage, …' },
    {
      name: 'granted',
      type: 'UInt8',
      comment: '1 agreed, 0 refused. A refusal under any identifier of the person stands.',
    },
    { name: 'changed_at', type: TIME, comment: 'When the choice that decides was made. UTC, ms.' },
  ],
  key: ['profile_id', 'purpose'],
  select: (workspace, generation) =>
    [
      'SELECT c.workspace AS workspace, c.profile_id AS profile_id, c.purpose AS purpose, min(c.granted) AS granted,',
      // Of the choices that decide, refusals where there is one, the newest.
      'if(countIf(c.granted = 0) > 0, maxIf(c.changed_at, c.granted = 0), max(c.changed_at)) AS changed_at',
      `FROM (${CHOICES_VIEW.select(workspace, generation)}) AS c`,
      'GROUP BY c.workspace, c.profile_id, c.purpose',
    ].join(' '),
};

/** The public relations. */
export const VIEWS: readonly View[] = [
  EVENTS_VIEW,
  plain(PROFILES, ['profile_id'], 'FINAL', 'is_deleted = 0'),
  plain(IDENTITIES, ['namespace', 'anchor_id'], 'FINAL'),
  plain(IDENTITY_DECISIONS, ['position', 'n'], ''),
  plain(IDENTITY_OVERRIDES, ['anchor_id'], 'FINAL'),
  owned(ORDERS, ['order_id']),
  ORDER_ITEMS_VIEW,
  owned(SESSIONS, ['session_id'], 't.is_deleted = 0'),
  plain(ACCOUNTS, ['account_id'], 'FINAL'),
  owned(ACCOUNT_MEMBERS, ['account_id', 'anchor_id']),
  CHOICES_VIEW,
  CONSENTS_VIEW,
];

/**
 * Makes a workspace's database and points its views at a generation. Each view is replaced in one step: a reader
 * sees the old generation or the new one, never an error.
 */
export async function createViews(
  warehouse: Warehouse,
  workspace: string,
  generation: number,
): Promise<void> {
  const database = databaseOf(workspace);
  await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`);
  for (const view of VIEWS) {
    const columns = view.columns.map(
      ({ name, type, comment }) => `${name} ${type} COMMENT ${stringLiteral(comment)}`,
    );
    await warehouse.command(
      `CREATE OR REPLACE VIEW ${database}.${view.name} (${columns.join(', ')}) AS ` +
        `${view.select(workspace, generation)} COMMENT ${stringLiteral(view.comment)}`,
    );
  }
}

function plain(table: Table, key: readonly string[], modifier: '' | 'FINAL', condition?: string): View {
  const view = shown(table, key);
  return {
    ...view,
    select: (workspace, generation) =>
      [
        `SELECT ${view.columns.map(({ name }) => name).join(', ')} FROM ${tableName(table, generation)}`,
        modifier,
        `WHERE workspace = ${stringLiteral(workspace)}`,
        condition ? `AND ${condition}` : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
  };
}

/** The newest rows of a table that belong to identifiers, with the person of now. */
function owned(table: Table, key: readonly string[], condition?: string): View {
  const view = shown(table, key);
  return {
    ...view,
    select: (workspace, generation) =>
      [
        `SELECT ${ownedColumns(view.columns).join(', ')} FROM ${tableName(table, generation)} AS t FINAL`,
        personOfNow(workspace, generation),
        `WHERE t.workspace = ${stringLiteral(workspace)}`,
        condition ? `AND ${condition}` : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
  };
}

function shown(table: Table, key: readonly string[]): Omit<View, 'select'> {
  return { name: table.name, comment: table.comment, columns: publicColumns(table), key };
}

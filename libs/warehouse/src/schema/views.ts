import type { Warehouse } from '../warehouse.port.ts';
import { stringLiteral } from '../sql-text/literal.ts';
import {
  ACCOUNT_MEMBERS,
  ACCOUNTS,
  CONSENT_CHOICES,
  DERIVATIONS,
  EVENTS,
  IDENTITIES,
  IDENTITY_DECISIONS,
  IDENTITY_OVERRIDES,
  ORDER_ITEMS,
  ORDERS,
  PROFILES,
  SESSIONS,
} from './tables.ts';
import { NAME, PERSON, TIME, WORKSPACE } from './columns.ts';
import { OVERRIDES, resolved } from './overrides.ts';
import { scoreViews } from './score-views.ts';
import { CORRECTION_VIEWS } from './correction-views.ts';
import { IDENTITIES_HISTORY_VIEW, PROFILE_ALIASES_VIEW } from './history-views.ts';
import { sourceContributionsView, traitHistoryView } from './provenance-views.ts';
import { QUALITY_VIEWS } from './quality-views.ts';
import { publicColumns, tableName, type Table } from './table.ts';
import type { View } from './view.ts';

/** Database that a workspace's analysts see. */
export function databaseOf(workspace: string): string {
  return workspace === 'default' ? 'temas' : `temas_${workspace}`;
}

/** Columns of a row `t`, with the person and the visit of now. */
function columnsOfNow(table: Table, generation: number): string {
  return publicColumns(table)
    .map((column) => {
      const override = OVERRIDES.find((one) => one.column === column && one.resolved.includes(table));
      return `${override ? resolved(override, generation, 't.') : `t.${column.name}`} AS ${column.name}`;
    })
    .join(', ');
}

/** Lines of the newest version of their order: an update that drops a line leaves the old row behind. */
const ORDER_ITEMS_VIEW: View = {
  ...shown(ORDER_ITEMS, ['order_id', 'line']),
  select: (workspace, generation) =>
    [
      `SELECT ${columnsOfNow(ORDER_ITEMS, generation)} FROM ${tableName(ORDER_ITEMS, generation)} AS t FINAL`,
      `INNER ALL JOIN (SELECT order_id, version FROM ${tableName(ORDERS, generation)} FINAL`,
      `WHERE workspace = ${stringLiteral(workspace)}) AS c ON t.order_id = c.order_id AND t.version = c.version`,
      `WHERE t.workspace = ${stringLiteral(workspace)}`,
    ].join(' '),
};

/** The newest move of each identifier, folded into the rows or not. */
const OVERRIDES_VIEW: View = {
  ...shown(IDENTITY_OVERRIDES, ['anchor_id']),
  select: (workspace, generation) =>
    [
      'SELECT t.workspace AS workspace, t.anchor_id AS anchor_id, argMax(t.profile_id, t.version) AS profile_id,',
      `max(t.version) AS version FROM ${tableName(IDENTITY_OVERRIDES, generation)} AS t`,
      `WHERE t.workspace = ${stringLiteral(workspace)} GROUP BY t.workspace, t.anchor_id`,
    ].join(' '),
};

const CHOICES_VIEW = owned(CONSENT_CHOICES, ['anchor_id', 'purpose'], 'FINAL');

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

const PROFILES_VIEW = plain(PROFILES, ['profile_id'], 'FINAL', 'is_deleted = 0');
const ORDERS_VIEW = owned(ORDERS, ['order_id'], 'FINAL');
const EVENTS_VIEW = owned(EVENTS, ['anchor_id', 'occurred_at', 'event_id'], '');
const IDENTITIES_VIEW = plain(IDENTITIES, ['namespace', 'anchor_id'], 'FINAL');
const DECISIONS_VIEW = plain(IDENTITY_DECISIONS, ['position', 'n'], '');
const TRAITS_VIEW = traitHistoryView(EVENTS_VIEW);

/** The public relations. */
export const VIEWS: readonly View[] = [
  EVENTS_VIEW,
  PROFILES_VIEW,
  IDENTITIES_VIEW,
  DECISIONS_VIEW,
  OVERRIDES_VIEW,
  ORDERS_VIEW,
  ORDER_ITEMS_VIEW,
  owned(SESSIONS, ['session_id'], 'FINAL', 't.is_deleted = 0'),
  plain(ACCOUNTS, ['account_id'], 'FINAL'),
  owned(ACCOUNT_MEMBERS, ['account_id', 'anchor_id'], 'FINAL'),
  CHOICES_VIEW,
  CONSENTS_VIEW,
  ...scoreViews({ orders: ORDERS_VIEW, profiles: PROFILES_VIEW }),
  IDENTITIES_HISTORY_VIEW,
  PROFILE_ALIASES_VIEW,
  plain(DERIVATIONS, ['position'], ''),
  TRAITS_VIEW,
  sourceContributionsView({
    events: EVENTS_VIEW,
    identities: IDENTITIES_VIEW,
    decisions: DECISIONS_VIEW,
    traits: TRAITS_VIEW,
  }),
  ...CORRECTION_VIEWS,
  ...QUALITY_VIEWS,
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

/** Rows of a table that belong to identifiers, with the person of now. */
function owned(table: Table, key: readonly string[], modifier: '' | 'FINAL', condition?: string): View {
  return {
    ...shown(table, key),
    select: (workspace, generation) =>
      [
        `SELECT ${columnsOfNow(table, generation)} FROM ${tableName(table, generation)} AS t`,
        modifier,
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

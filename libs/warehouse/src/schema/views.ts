import type { Warehouse } from '../warehouse.port.ts';
import { stringLiteral } from '../sql-text/literal.ts';
import { EVENTS, IDENTITIES, IDENTITY_DECISIONS, IDENTITY_OVERRIDES, PROFILES } from './tables.ts';
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

/**
 * `events` with the person of now. The join's right side is the small override table; anchors are never 0, so 0 is
 * what the join leaves where there is no override. Conditions on the key's columns pass through to the table.
 */
const EVENTS_VIEW: View = {
  ...shown(EVENTS, ['anchor_id', 'occurred_at', 'event_id']),
  select: (workspace, generation) => {
    const columns = publicColumns(EVENTS).map(({ name }) =>
      name === 'profile_id'
        ? 'if(o.anchor_id = 0, e.profile_id, o.moved_to) AS profile_id'
        : `e.${name} AS ${name}`,
    );
    return [
      `SELECT ${columns.join(', ')} FROM ${tableName(EVENTS, generation)} AS e LEFT JOIN (`,
      `SELECT anchor_id, argMax(profile_id, version) AS moved_to`,
      `FROM ${tableName(IDENTITY_OVERRIDES, generation)} WHERE workspace = ${stringLiteral(workspace)}`,
      `GROUP BY anchor_id) AS o ON e.anchor_id = o.anchor_id WHERE e.workspace = ${stringLiteral(workspace)}`,
    ].join(' ');
  },
};

/** The public relations. */
export const VIEWS: readonly View[] = [
  EVENTS_VIEW,
  plain(PROFILES, ['profile_id'], 'FINAL', 'is_deleted = 0'),
  plain(IDENTITIES, ['namespace', 'anchor_id'], 'FINAL'),
  plain(IDENTITY_DECISIONS, ['position', 'n'], ''),
  plain(IDENTITY_OVERRIDES, ['anchor_id'], 'FINAL'),
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

function shown(table: Table, key: readonly string[]): Omit<View, 'select'> {
  return { name: table.name, comment: table.comment, columns: publicColumns(table), key };
}

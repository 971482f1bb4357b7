import { stringLiteral } from '../sql-text/literal.ts';
import type { View } from '../schema/view.ts';
import { databaseOf, VIEWS } from '../schema/views.ts';
import { maskedColumn } from './personal-columns.ts';

/** Database of a workspace's views in which personal columns are masked. */
export function maskedDatabaseOf(workspace: string): string {
  return `${databaseOf(workspace)}_masked`;
}

/**
 * DDL of the masked views of a workspace. They read as who made them, so that whoever may read them need not be let
 * at what lies below. They read the public views, so that another generation changes nothing here.
 */
export function maskedViews(workspace: string): string[] {
  const database = maskedDatabaseOf(workspace);
  return [
    `CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`,
    ...VIEWS.map((view) => maskedView(view, database, databaseOf(workspace))),
  ];
}

function maskedView({ name, columns, comment }: View, database: string, open: string): string {
  const declared = columns.map(({ name: column, type }) => `${column} ${type}`);
  return (
    `CREATE OR REPLACE VIEW ${database}.${name} (${declared.join(', ')}) DEFINER = CURRENT_USER ` +
    `SQL SECURITY DEFINER AS SELECT ${columns.map(maskedColumn).join(', ')} FROM ${open}.${name} ` +
    `COMMENT ${stringLiteral(`${comment} Personal columns are masked.`)}`
  );
}

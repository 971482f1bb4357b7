import { NIL_PROFILE } from '#kernel';
import type { Table } from '../schema/table.ts';

/** Line of a table from the values that matter; the others are those of an absent value. Workspace `default`. */
export function tableLine(table: Table, values: Readonly<Record<string, unknown>>): string {
  const given: Readonly<Record<string, unknown>> = { workspace: 'default', ...values };
  return `${JSON.stringify(table.columns.map(({ name, type }) => given[name] ?? absent(type)))}\n`;
}

function absent(type: string): unknown {
  if (type === 'UUID') return NIL_PROFILE;
  if (type.startsWith('DateTime64')) return '2026-01-01 00:00:00.000';
  if (type.startsWith('Array')) return [];
  return /^(UInt|Float|Decimal|Nullable)/.test(type) ? '0' : '';
}

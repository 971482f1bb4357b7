import { stringLiteral } from '../sql-text/literal.ts';
import { TIME } from './columns.ts';
import { IDENTITIES_HISTORY, PROFILE_ALIASES } from './history-tables.ts';
import { publicColumns, tableName, type Column, type Table } from './table.ts';
import type { View } from './view.ts';

/** Ends what still is: later than everything, so that BETWEEN works. The latest time that the type holds. */
const STILL = "toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')";

const VALID_TO: Column = {
  name: 'valid_to',
  type: TIME,
  comment: 'Until when, exclusive. 2299-12-31 23:59:59.999 where it still is so. UTC, ms.',
};

/** Rows of a history with the time at which the next row of the same thing ends them. */
function intervals(table: Table, of: string, condition?: string): View {
  const columns = [...publicColumns(table), VALID_TO];
  return {
    name: table.name,
    comment: table.comment,
    columns,
    key: [of, 'position'],
    select: (workspace, generation) => {
      const rows = [
        `SELECT ${publicColumns(table)
          .map(({ name }) => name)
          .join(', ')},`,
        `leadInFrame(valid_from, 1, ${STILL}) OVER (PARTITION BY ${of} ORDER BY position`,
        'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS valid_to',
        `FROM ${tableName(table, generation)} WHERE workspace = ${stringLiteral(workspace)}`,
      ].join(' ');
      if (condition === undefined) return rows;
      return `SELECT ${columns.map(({ name }) => name).join(', ')} FROM (${rows}) WHERE ${condition}`;
    },
  };
}

/** Who belonged to whom, and when. */
export const IDENTITIES_HISTORY_VIEW = intervals(IDENTITIES_HISTORY, 'anchor_id');

/** Which ids led where. A row that leads to itself only ends the one before: the id is a person's again. */
export const PROFILE_ALIASES_VIEW = intervals(PROFILE_ALIASES, 'alias_id', 'alias_id != profile_id');

import { NAME, TIME, WORKSPACE } from './columns.ts';
import type { Table } from './table.ts';

/** What arrived and became no event, counted by collectors and by the deduplication. */
export const ARRIVAL_TALLIES: Table = {
  name: 'arrival_tallies',
  comment: 'Items that arrived and became no event: known already, or refused.',
  columns: [
    WORKSPACE,
    { name: 'day', type: 'Date', comment: 'Day of arrival, UTC.' },
    { name: 'source', type: NAME, comment: 'Source that sent them.' },
    { name: 'outcome', type: NAME, comment: 'repeated: known already; refused: no touchpoint.' },
    { name: 'code', type: NAME, comment: 'Why they were refused. Empty for repeated ones.' },
    { name: 'items', type: 'UInt64', comment: 'How many.' },
    { name: 'last_at', type: TIME, comment: 'Arrival of the last of them. UTC, ms.' },
    { name: 'position', type: 'UInt64', comment: 'Log position that tells of them.' },
    { name: 'n', type: 'UInt32', comment: 'Place in the event at that position.' },
  ],
  engine: 'MergeTree',
  orderBy: ['workspace', 'day', 'source', 'position', 'n'],
};

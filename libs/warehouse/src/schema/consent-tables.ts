import { ANCHOR, NAME, PERSON, TIME, VERSION, WORKSPACE } from './columns.ts';
import type { Table } from './table.ts';

/** A choice about a purpose under an identifier per row, newest version counts. */
export const CONSENT_CHOICES: Table = {
  name: 'consent_choices',
  comment: 'What was chosen last under an identifier, by purpose.',
  columns: [
    WORKSPACE,
    ANCHOR,
    PERSON,
    { name: 'purpose', type: NAME, comment: 'What was asked: analytics, marketing, ad_storage, …' },
    { name: 'granted', type: 'UInt8', comment: '1 agreed, 0 refused.' },
    { name: 'changed_at', type: TIME, comment: 'When it was chosen. UTC, ms.' },
    { name: 'source', type: NAME, comment: 'Source that brought the choice.' },
    { name: 'event_id', type: 'UUID', comment: 'Event of the choice; join with events.' },
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'anchor_id', 'purpose'],
};

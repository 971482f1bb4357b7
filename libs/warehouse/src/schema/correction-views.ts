import { NIL_PROFILE as NIL } from '#kernel';
import { stringLiteral } from '../sql-text/literal.ts';
import { PERSON, WORKSPACE } from './columns.ts';
import { CORRECTIONS, MATCH_KEYS } from './correction-tables.ts';
import { IDENTITIES } from './person-tables.ts';
import { publicColumns, tableName, type Table } from './table.ts';
import type { View } from './view.ts';

/** Newest rows of a table of identifiers. */
function newest(table: Table, workspace: string, generation: number): string {
  return `${tableName(table, generation)} FINAL WHERE workspace = ${stringLiteral(workspace)}`;
}

/** Whom the identifiers that `column` of `rows` names belong to now. */
function holders(rows: string, column: string, workspace: string, generation: number): string {
  return (
    `(SELECT anchor_id AS held, profile_id AS holder FROM ${newest(IDENTITIES, workspace, generation)} ` +
    `AND anchor_id IN (SELECT ${column} FROM ${rows}))`
  );
}

// A reader may have set join_use_nulls: what a join leaves is then NULL instead of the nil UUID.
const holderOf = (side: string): string => `ifNull(${side}.holder, toUUID('${NIL}'))`;

const CORRECTIONS_VIEW: View = {
  name: 'corrections',
  comment: CORRECTIONS.comment,
  columns: [
    ...publicColumns(CORRECTIONS),
    {
      name: 'correction_id',
      type: 'String',
      comment: 'By it the guess is confirmed or rejected: POST /v1/corrections/<correction_id>/confirm.',
    },
    PERSON,
    {
      name: 'guess_profile_id',
      type: 'UUID',
      comment: 'Person that the guessed identifier belongs to now. The nil UUID where it belongs to nobody.',
    },
  ],
  key: ['anchor_id', 'guess_id'],
  select: (workspace, generation) => {
    const rows = newest(CORRECTIONS, workspace, generation);
    return [
      `SELECT ${publicColumns(CORRECTIONS)
        .map(({ name }) => `c.${name} AS ${name}`)
        .join(', ')},`,
      `concat(toString(c.anchor_id), '-', toString(c.guess_id)) AS correction_id,`,
      `${holderOf('f')} AS profile_id, ${holderOf('g')} AS guess_profile_id`,
      `FROM (SELECT * FROM ${rows}) AS c`,
      `LEFT ANY JOIN ${holders(rows, 'anchor_id', workspace, generation)} AS f ON f.held = c.anchor_id`,
      `LEFT ANY JOIN ${holders(rows, 'guess_id', workspace, generation)} AS g ON g.held = c.guess_id`,
    ].join(' ');
  },
};

/** People who may be one: addresses of one box, and what one of them typed where the other has what was meant. */
const DUPLICATES_VIEW: View = {
  name: 'duplicate_suggestions',
  comment: 'People who may be one. Merging them is for people to decide.',
  columns: [
    WORKSPACE,
    {
      name: 'rule',
      type: 'LowCardinality(String)',
      comment:
        'provider: their addresses reach one box; correction: one typed what the other has, but for a typo.',
    },
    {
      name: 'match_key',
      type: 'String',
      comment: 'What they have in common: the box (gmail:aliveli), or the correction_id.',
    },
    { name: 'profile_ids', type: 'Array(UUID)', comment: 'The people, sorted.' },
  ],
  key: ['rule', 'match_key'],
  select: (workspace, generation) => {
    const keys = newest(MATCH_KEYS, workspace, generation);
    return [
      `SELECT k.workspace AS workspace, 'provider' AS rule, k.match_key AS match_key,`,
      'arraySort(id -> toString(id), groupUniqArray(assumeNotNull(i.holder))) AS profile_ids',
      `FROM (SELECT * FROM ${keys}) AS k`,
      `INNER ANY JOIN ${holders(keys, 'anchor_id', workspace, generation)} AS i ON i.held = k.anchor_id`,
      'GROUP BY k.workspace, k.match_key HAVING length(profile_ids) > 1',
      `UNION ALL SELECT workspace, 'correction' AS rule, correction_id AS match_key,`,
      'arraySort(id -> toString(id), [profile_id, guess_profile_id]) AS profile_ids',
      `FROM (${CORRECTIONS_VIEW.select(workspace, generation)})`,
      `WHERE outcome = 'correction' AND status = 'unverified' AND notEmpty(profile_id)`,
      'AND notEmpty(guess_profile_id) AND profile_id != guess_profile_id',
    ].join(' ');
  },
};

/** What may have been meant, and who may be one. */
export const CORRECTION_VIEWS: readonly View[] = [CORRECTIONS_VIEW, DUPLICATES_VIEW];

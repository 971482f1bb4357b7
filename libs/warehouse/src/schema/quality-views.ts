import { stringLiteral } from '../sql-text/literal.ts';
import { NAME, TIME, WORKSPACE } from './columns.ts';
import { EVENTS } from './person-tables.ts';
import { ARRIVAL_TALLIES } from './quality-tables.ts';
import { publicColumns, tableName, type Column } from './table.ts';
import type { View } from './view.ts';

/** Arriving this long after it happened is late. */
const LATE = 'INTERVAL 24 HOUR';

const flagged = (test: string): string => `arrayExists(flag -> ${test}, flags)`;
const BLOCKED = flagged("endsWith(flag, '_blocked')");
const INVALID = flagged("endsWith(flag, '_invalid')");
const CORRECTED = flagged("endsWith(flag, '_corrected')");
const SUGGESTED = flagged("endsWith(flag, '_suggested')");
const DISPOSABLE = flagged("endsWith(flag, '_disposable')");
const MISTIMED = flagged("startsWith(flag, 'timestamp_')");
const NOBODY = "(has(flags, 'unattributed') OR has(flags, 'identifiers_contradict'))";
const VIOLATING = 'notEmpty(violations)';
/** SQL over a row of `events`: true where anything about it is wrong. */
export const FAULTY_EVENT = `(${[BLOCKED, INVALID, MISTIMED, NOBODY, VIOLATING].join(' OR ')})`;
const filled = (...names: string[]): string =>
  `(${names.map((name) => `JSONExtractString(traits, '${name}') != ''`).join(' OR ')})`;
const NAMED = filled('name', 'firstName', 'first_name', 'lastName', 'last_name', 'fullName', 'full_name');

interface Measure extends Column {
  /** Expression over the rows of `events` of a source and day. */
  readonly events: string;
  /** The same over `arrival_tallies`; zero if absent. */
  readonly tallies?: string;
}

const count = (name: string, events: string, comment: string, tallies?: string): Measure => ({
  name,
  type: 'UInt64',
  comment,
  events,
  tallies,
});

/** What is counted per source and day. */
const MEASURES: readonly Measure[] = [
  count('events', 'count()', 'Events stored, each once.'),
  count(
    'refused',
    '0',
    'Items refused, and answered so: no event of the wire format, too large, a schema that its source insists on.',
    "sumIf(items, outcome = 'refused')",
  ),
  count(
    'duplicates',
    '0',
    'Items that were known already and were not stored again.',
    "sumIf(items, outcome = 'repeated')",
  ),
  count(
    'valid_events',
    `countIf(NOT ${FAULTY_EVENT})`,
    'Events with nothing wrong: no blocked or invalid identifier, no bad time, no schema broken, somebody named.',
  ),
  count('identify_events', "countIf(kind = 'identify')", 'Calls that speak of a person.'),
  count('with_user_id', "countIf(kind = 'identify' AND user_id != '')", 'Of these, with a user id.'),
  count('with_email', `countIf(kind = 'identify' AND ${filled('email')})`, 'Of these, with an e-mail trait.'),
  count('with_phone', `countIf(kind = 'identify' AND ${filled('phone')})`, 'Of these, with a phone trait.'),
  count('with_name', `countIf(kind = 'identify' AND ${NAMED})`, 'Of these, with a name.'),
  count('unattributed', `countIf(${NOBODY})`, 'Events that belong to nobody.'),
  count(
    'blocked',
    `countIf(${BLOCKED})`,
    'Events with an identifier that stands for nobody: null, test@test.com.',
  ),
  count(
    'invalid',
    `countIf(${INVALID})`,
    'Events with an identifier that is none: no address, no mobile number.',
  ),
  count(
    'corrected',
    `countIf(${CORRECTED})`,
    'Events with an address that a rule corrects; see corrections.',
  ),
  count(
    'suggested',
    `countIf(${SUGGESTED})`,
    'Events with an address that is near to another; see corrections.',
  ),
  count('disposable', `countIf(${DISPOSABLE})`, 'Events with an address of a provider for minutes.'),
  count(
    'late',
    `countIf(received_at > occurred_at + ${LATE})`,
    'Events that came more than 24 hours after they happened.',
  ),
  count('bad_times', `countIf(${MISTIMED})`, 'Events whose time could not be read, or lay in the future.'),
  count('schema_violations', `countIf(${VIOLATING})`, 'Events that break their schema and were kept.'),
  count(
    'unknown_events',
    "countIf(has(flags, 'unknown_event'))",
    'Tracks whose name no schema knows, at sources that have schemas for tracks.',
  ),
];

const RATIO = 'Nullable(Float64)';

/** Data quality by source and day of arrival: what was stored, and what was not. */
const QUALITY_VIEW: View = {
  name: 'data_quality',
  comment: 'How clean the data of a source were on a day of arrival.',
  columns: [
    WORKSPACE,
    { name: 'day', type: 'Date', comment: 'Day of arrival, UTC.' },
    { name: 'source', type: NAME, comment: 'Source that sent them.' },
    ...MEASURES.map(({ name, type, comment }) => ({ name, type, comment })),
    {
      name: 'last_received_at',
      type: TIME,
      comment: 'Arrival of the last event stored. UTC, ms; 1970 where none was.',
    },
    {
      name: 'validity',
      type: RATIO,
      comment: 'valid_events / (events + refused), from 0 to 1. NULL where neither came.',
    },
    {
      name: 'completeness',
      type: RATIO,
      comment:
        'Share of user id, e-mail, phone and name that calls which speak of a person fill. NULL without such calls.',
    },
    {
      name: 'duplicate_rate',
      type: RATIO,
      comment: 'duplicates / (events + duplicates). NULL where neither came.',
    },
  ],
  key: ['day', 'source'],
  select: (workspace, generation) => {
    const where = `WHERE workspace = ${stringLiteral(workspace)} GROUP BY day, source`;
    const stored = MEASURES.map(({ name, events }) => `toUInt64(${events}) AS ${name}_`);
    const counted = MEASURES.map(({ name, tallies }) => `toUInt64(${tallies ?? '0'}) AS ${name}_`);
    const never = "toDateTime64(0, 3, 'UTC')";
    return [
      `SELECT ${stringLiteral(workspace)} AS workspace, day, source,`,
      `${MEASURES.map(({ name }) => `sum(${name}_) AS ${name}`).join(', ')},`,
      'max(last_) AS last_received_at,',
      'if(events + refused = 0, NULL, valid_events / (events + refused)) AS validity,',
      'if(identify_events = 0, NULL,',
      '(with_user_id + with_email + with_phone + with_name) / (4 * identify_events)) AS completeness,',
      'if(events + duplicates = 0, NULL, duplicates / (events + duplicates)) AS duplicate_rate',
      `FROM (SELECT toDate(received_at, 'UTC') AS day, source, ${stored.join(', ')}, max(received_at) AS last_`,
      `FROM ${tableName(EVENTS, generation)} ${where}`,
      `UNION ALL SELECT day, source, ${counted.join(', ')}, ${never} AS last_`,
      `FROM ${tableName(ARRIVAL_TALLIES, generation)} ${where})`,
      'GROUP BY day, source',
    ].join(' ');
  },
};

const TALLIES_VIEW: View = {
  name: ARRIVAL_TALLIES.name,
  comment: ARRIVAL_TALLIES.comment,
  columns: publicColumns(ARRIVAL_TALLIES),
  key: ['position', 'n'],
  select: (workspace, generation) =>
    `SELECT ${publicColumns(ARRIVAL_TALLIES)
      .map(({ name }) => name)
      .join(
        ', ',
      )} FROM ${tableName(ARRIVAL_TALLIES, generation)} WHERE workspace = ${stringLiteral(workspace)}`,
};

/** How clean the data are. */
export const QUALITY_VIEWS: readonly View[] = [QUALITY_VIEW, TALLIES_VIEW];

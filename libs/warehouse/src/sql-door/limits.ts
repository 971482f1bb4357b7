import { EngineError } from '../http-interface/engine-error.ts';
import { memoryBudget } from '../memory-budget.ts';
import { stringLiteral } from '../sql-text/literal.ts';

/** Statements of readers at once, fewer than the engine runs: inserts always find a place. The rest wait. */
export const READERS_AT_ONCE = 5;

/** Of them those of one caller: two callers cannot keep out a third with statements that take their time. */
export const READERS_AT_ONCE_PER_CALLER = 3;

/** Statements that wait for a place, of all callers and of one; further ones are refused with 202. */
export const READERS_WAITING = 200;
export const READERS_WAITING_PER_CALLER = 50;

/** Longest run of a statement, in seconds, the time its reader takes to fetch the rows included. */
export const MAX_EXECUTION_SECONDS = 60;

/**
 * Memory of one statement in bytes: all that run at once take three quarters of the engine's, so that inserts and
 * merges find room whatever readers ask. Grouping and sorting go to disk from half of it on.
 */
export const MAX_STATEMENT_MEMORY = Math.floor((memoryBudget() * 0.75) / READERS_AT_ONCE);

/** Rows of one result. */
export const MAX_RESULT_ROWS = 10_000_000;

/** Bytes of one result as the engine holds them in columns; the text that is sent may be longer. */
export const MAX_RESULT_BYTES = 2 * 1024 ** 3;

/** Rows that one statement may read. */
export const MAX_ROWS_TO_READ = 10_000_000_000;

/** Longest statement, in bytes of UTF-8, as on a server: reading one of them takes this process 20 ms and more. */
export const MAX_STATEMENT_BYTES = 256 * 1024;

/** What one statement may put on disk while it groups and sorts, in bytes. */
const MAX_DISK = 10 * 1024 ** 3;

/** Limits by the setting that holds them; callers may ask for less. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  ['max_execution_time', MAX_EXECUTION_SECONDS],
  ['max_memory_usage', MAX_STATEMENT_MEMORY],
  ['max_threads', 2],
  ['max_result_rows', MAX_RESULT_ROWS],
  ['max_result_bytes', MAX_RESULT_BYTES],
  ['max_rows_to_read', MAX_ROWS_TO_READ],
]);

/** Settings that change how values and columns are written or compared, never what may be read or how much. */
const HARMLESS = new RegExp(
  `^(${[
    // All but the one that names a file to write.
    'output_format_(?!schema$)\\w+',
    'format_(csv|tsv|custom|pretty)_\\w+',
    'date_time_output_format',
    'bool_(true|false)_representation',
    'session_timezone',
    'extremes',
    'log_comment',
    '(connect|receive|send)_timeout',
    'limit',
    'offset',
    'final',
    'join_use_nulls',
    'group_by_use_nulls',
    'transform_null_in',
    'cast_keep_nullable',
  ].join('|')})$`,
);

/** Keys of a request that mean a session kept on the server: there is nothing to keep, every statement only reads. */
const SESSION = new Set(['session_id', 'session_timeout', 'session_check', 'client_protocol_version']);

/**
 * Settings under which a reader's statement runs, `readonly` last. 64-bit numbers are quoted in JSON unless the
 * caller says otherwise: ids and positions do not fit a JavaScript number. Limits above ours become ours.
 *
 * Throws `EngineError` 164 for a setting that is on no list, as a server does for a read-only user.
 */
export function readerSettings(
  asked: ReadonlyMap<string, string>,
  database: string,
): ReadonlyMap<string, string> {
  const settings = new Map<string, string>([['output_format_json_quote_64bit_integers', '1']]);
  for (const [name, value] of asked) {
    if (SESSION.has(name)) continue;
    if (name === 'role') throw new EngineError(511, 'UNKNOWN_ROLE', `There is no role ${value}`);
    if (name === 'readonly' && (value === '1' || value === '2')) continue;
    if (!LIMITS.has(name) && !HARMLESS.test(name)) throw readonly(name);
    settings.set(name, value);
  }
  for (const [name, most] of LIMITS) {
    const wanted = Number(settings.get(name) ?? most);
    settings.set(name, String(wanted > 0 && wanted <= most ? wanted : most));
  }
  return settings
    .set('result_overflow_mode', 'throw')
    .set('max_bytes_before_external_group_by', String(Math.floor(MAX_STATEMENT_MEMORY / 2)))
    .set('max_bytes_before_external_sort', String(Math.floor(MAX_STATEMENT_MEMORY / 2)))
    .set('max_temporary_data_on_disk_size_for_query', String(MAX_DISK))
    .set('max_query_size', String(2 * MAX_STATEMENT_BYTES))
    .set('allow_introspection_functions', '0')
    .set('additional_table_filters', catalogueFilter(database))
    .set('readonly', '1');
}

/**
 * Settings of a statement's own SETTINGS clause, which then run like those of the request. Throws `EngineError` 452
 * where one lifts a limit, 164 where it is on no list.
 */
export function checkClauseSettings(clause: ReadonlyMap<string, string>): void {
  for (const [name, value] of clause) {
    const most = LIMITS.get(name);
    if (most === undefined && !HARMLESS.test(name)) throw readonly(name);
    if (most !== undefined && !(Number(value) > 0 && Number(value) <= most)) {
      throw new EngineError(
        452,
        'SETTING_CONSTRAINT_VIOLATION',
        `Setting ${name} should be between 1 and ${most}`,
      );
    }
  }
}

function readonly(name: string): EngineError {
  return new EngineError(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode`);
}

/** Narrows the catalogue tables to one database, enforced by the engine also below `information_schema` and SHOW. */
function catalogueFilter(database: string): string {
  const column = (name: string): string => stringLiteral(`${name} = ${stringLiteral(database)}`);
  const filters = [
    ['system.tables', column('database')],
    ['system.columns', column('database')],
    ['system.data_skipping_indices', column('database')],
    ['system.databases', column('name')],
  ];
  return `{${filters.map(([table, filter]) => `'${table}': ${filter}`).join(', ')}}`;
}

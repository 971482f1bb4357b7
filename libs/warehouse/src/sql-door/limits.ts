import { EngineError } from '../http-interface/engine-error.ts';
import { stringLiteral } from '../sql-text/literal.ts';

/** Most that one statement of a reader may take. Callers may ask for less. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  // Seconds.
  ['max_execution_time', 60],
  ['max_memory_usage', 4 * 1024 ** 3],
  ['max_threads', 2],
  ['max_result_rows', 10_000_000],
  // Uncompressed. A result with subqueries is held whole before it is sent.
  ['max_result_bytes', 256 * 1024 ** 2],
  ['max_rows_to_read', 10_000_000_000],
]);

/** Settings that change how a result is written, never what may be read. */
const HARMLESS =
  /^(output_format_\w+|format_csv_\w+|format_tsv_\w+|date_time_output_format|session_timezone|join_use_nulls|extremes|log_comment|connect_timeout|receive_timeout|send_timeout)$/;

/**
 * Settings under which a reader's statement runs, `readonly` last. 64-bit numbers are quoted in JSON unless the
 * caller says otherwise: ids and positions do not fit a JavaScript number.
 *
 * Throws `EngineError` 164 for a setting that is on no list, as a server does for a read-only user.
 */
export function readerSettings(
  asked: ReadonlyMap<string, string>,
  database: string,
): ReadonlyMap<string, string> {
  const settings = new Map<string, string>([['output_format_json_quote_64bit_integers', '1']]);
  for (const [name, value] of asked) {
    if (name === 'readonly') continue;
    if (!LIMITS.has(name) && !HARMLESS.test(name)) {
      throw new EngineError(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode`);
    }
    settings.set(name, value);
  }
  for (const [name, most] of LIMITS) {
    const wanted = Number(settings.get(name) ?? most);
    settings.set(name, String(wanted > 0 && wanted <= most ? wanted : most));
  }
  return settings
    .set('result_overflow_mode', 'throw')
    .set('max_bytes_before_external_group_by', String(1024 ** 3))
    .set('max_bytes_before_external_sort', String(1024 ** 3))
    .set('allow_introspection_functions', '0')
    .set('additional_table_filters', catalogueFilter(database))
    .set('readonly', '1');
}

/** Narrows the catalogue tables to one database, enforced by the engine. */
function catalogueFilter(database: string): string {
  const only = stringLiteral(`database = ${stringLiteral(database)}`);
  return `{'system.tables': ${only}, 'system.columns': ${only}}`;
}

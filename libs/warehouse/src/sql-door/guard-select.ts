import { WarehouseRejected } from '../errors.ts';
import { lex } from '../sql-text/lexer.ts';
import { formatClause, hasWords, isSelect } from '../sql-text/statement.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { forbiddenName } from './names.ts';

/** Whether a statement may run for a reader; refusals in ClickHouse's own terms. */
export type GuardResult =
  | {
      readonly outcome: 'ok';
      /** The statement in the engine's formatting: what was checked is what must run. */
      readonly sql: string;
      /** Output format it names, if it does. */
      readonly format: string | undefined;
    }
  | {
      readonly outcome: 'refused';
      /** ClickHouse's error number. */
      readonly code: number;
      readonly type: string;
      readonly message: string;
    };

/** Longest statement, in UTF-16 code units; ClickHouse's own default is of that order. */
const MAX_LENGTH = 262_144;

const tableFunctionsOf = new WeakMap<Warehouse, Promise<ReadonlySet<string>>>();

/**
 * Lets through one single SELECT over the reader's database. The engine itself parses it, so nothing hides in
 * comments or quotes, and refuses a second statement.
 *
 * @param params values of the statement's `{name:Type}` placeholders: one of type Identifier names a table
 */
export async function guardSelect(
  warehouse: Warehouse,
  sql: string,
  database: string,
  params: ReadonlyMap<string, string> = new Map(),
): Promise<GuardResult> {
  if (sql.trim() === '') return refused(62, 'SYNTAX_ERROR', 'Empty query');
  if (sql.length > MAX_LENGTH)
    return refused(307, 'TOO_MANY_BYTES', `Statements end at ${MAX_LENGTH} characters`);
  const formatted = await format(warehouse, sql);
  if (typeof formatted !== 'string') return formatted;
  const tokens = lex(formatted);
  if (hasWords(tokens, 'INTO', 'OUTFILE')) {
    return refused(1, 'UNSUPPORTED_METHOD', 'INTO OUTFILE is not allowed');
  }
  if (!isSelect(tokens) || hasWords(tokens, 'PARALLEL', 'WITH')) {
    return refused(164, 'READONLY', 'Only one SELECT is allowed here');
  }
  const name =
    forbiddenName(tokens, database, await tableFunctions(warehouse)) ??
    forbiddenName(identifierParams(formatted, params), database, new Set());
  if (name !== undefined) return refused(497, 'ACCESS_DENIED', `Not enough privileges: ${name}`);
  return { outcome: 'ok', sql: formatted, format: formatClause(tokens) };
}

async function format(
  warehouse: Warehouse,
  sql: string,
): Promise<string | Extract<GuardResult, { outcome: 'refused' }>> {
  try {
    const [row] = await warehouse.query<{ sql: string }>(
      'SELECT formatQuerySingleLine({sql:String}) AS sql',
      {
        sql,
      },
    );
    return row?.sql ?? '';
  } catch (error) {
    if (!(error instanceof WarehouseRejected)) throw error;
    const inner = error.message.replace(/: In scope SELECT formatQuerySingleLine[\s\S]*$/, '');
    return refused(error.errorNumber, error.type, inner);
  }
}

/** Values of Identifier parameters as the names they will be. */
function identifierParams(sql: string, params: ReadonlyMap<string, string>): ReturnType<typeof lex> {
  if (!/:\s*Identifier\s*\}/.test(sql)) return [];
  // Escapes could hide a name, and a name alone does not say that a table follows: both count as one never allowed.
  const plain = (value: string): boolean => /^\w+$/.test(value) && !/^(system|default)$/i.test(value);
  return [...params.values()].flatMap((value) => lex(plain(value) ? value : 'temas_store'));
}

function tableFunctions(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  let names = tableFunctionsOf.get(warehouse);
  if (names === undefined) {
    names = warehouse
      .query<{ name: string }>('SELECT lower(name) AS name FROM system.table_functions')
      .then((rows) => new Set(rows.map((row) => row.name)));
    names.catch(() => tableFunctionsOf.delete(warehouse));
    tableFunctionsOf.set(warehouse, names);
  }
  return names;
}

function refused(code: number, type: string, message: string): Extract<GuardResult, { outcome: 'refused' }> {
  return { outcome: 'refused', code, type, message };
}

import { WarehouseRejected } from '../errors.ts';
import { EngineError } from '../http-interface/engine-error.ts';
import { isName, lex, type Token } from '../sql-text/lexer.ts';
import { hasWords } from '../sql-text/statement.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { withoutClauses, type BareStatement } from './clauses.ts';
import { forbiddenFunctions, forbiddenTableFunctions, type ListedFunction } from './forbidden-functions.ts';
import { checkClauseSettings, MAX_STATEMENT_BYTES } from './limits.ts';
import { forbiddenName, otherDatabase, type Surroundings } from './names.ts';
import { statementKind } from './statement-kind.ts';

/** Whether a statement may run for a reader; refusals in ClickHouse's own terms. */
export type GuardResult =
  | ({
      /** `sql` is in the engine's formatting: what was checked is what must run, under `settings`. */
      readonly outcome: 'ok';
    } & BareStatement)
  | {
      readonly outcome: 'refused';
      /** ClickHouse's error number. */
      readonly code: number;
      readonly type: string;
      readonly message: string;
    };

type Functions = Pick<Surroundings, 'functions' | 'tableFunctions'>;

const functionsOf = new WeakMap<Warehouse, Promise<Functions>>();

/**
 * Lets through one single statement that only reads, over the reader's database: SELECT, DESCRIBE, EXPLAIN, and
 * SHOW and EXISTS as far as they tell of the reader's own. The engine itself parses it, so nothing hides in
 * comments or quotes, and refuses a second statement.
 *
 * @param params values of the statement's `{name:Type}` placeholders: one of type Identifier is a name
 */
export async function guardSelect(
  warehouse: Warehouse,
  sql: string,
  database: string,
  params: ReadonlyMap<string, string> = new Map(),
): Promise<GuardResult> {
  try {
    return { outcome: 'ok', ...(await guarded(warehouse, sql, database, params)) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { outcome: 'refused', code: error.errorNumber, type: error.type, message: error.message };
  }
}

async function guarded(
  warehouse: Warehouse,
  sql: string,
  database: string,
  params: ReadonlyMap<string, string>,
): Promise<BareStatement> {
  if (sql.trim() === '') throw new EngineError(62, 'SYNTAX_ERROR', 'Syntax error: Empty query');
  if (Buffer.byteLength(sql) > MAX_STATEMENT_BYTES) {
    throw new EngineError(62, 'SYNTAX_ERROR', `Max query size exceeded: ${MAX_STATEMENT_BYTES} bytes`);
  }
  const { formatted, databases } = await read(warehouse, sql);
  const tokens = lex(formatted);
  if (hasWords(tokens, 'INTO', 'OUTFILE')) {
    throw new EngineError(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed');
  }
  const kind = statementKind(tokens);
  if (kind === undefined || hasWords(tokens, 'PARALLEL', 'WITH')) {
    throw new EngineError(164, 'READONLY', 'Only one statement that reads is allowed here');
  }
  const around = { database, databases, ...(await functions(warehouse)) };
  const name =
    forbiddenName(tokens, around) ??
    otherDatabase(kind === 'show' ? alone(tokens) : [], around) ??
    forbiddenParam(formatted, params, around);
  if (name !== undefined) throw new EngineError(497, 'ACCESS_DENIED', `Not enough privileges: ${name}`);
  const bare = withoutClauses(formatted, tokens);
  checkClauseSettings(bare.settings);
  return bare;
}

/** The statement in the engine's formatting, and the databases there are now. */
async function read(
  warehouse: Warehouse,
  sql: string,
): Promise<{ formatted: string; databases: ReadonlySet<string> }> {
  try {
    const [row] = await warehouse.query<{ formatted: string; databases: string[] }>(FORMAT, { sql });
    return { formatted: row?.formatted ?? '', databases: new Set(row?.databases) };
  } catch (error) {
    if (!(error instanceof WarehouseRejected)) throw error;
    const inner = error.message.replace(/: In scope SELECT formatQuerySingleLine[\s\S]*$/, '');
    // A NUL in the statement cuts the engine's report short; to parse is all that was asked of it.
    const [code, type] = error.errorNumber === 1002 ? [62, 'SYNTAX_ERROR'] : [error.errorNumber, error.type];
    throw new EngineError(code, type, inner, { cause: error });
  }
}

/** The embedded engine would take any expression for a SELECT; a server takes it for a mistake. */
const FORMAT = `
  SELECT formatQuerySingleLine({sql:String}) AS formatted,
    (SELECT groupArray(lower(name)) FROM system.databases) AS databases
  SETTINGS implicit_select = 0, max_query_size = ${2 * MAX_STATEMENT_BYTES}`;

/** Names with no dot on either side. */
function alone(tokens: readonly Token[]): string[] {
  return tokens
    .filter((token, i) => isName(token) && tokens[i - 1]?.text !== '.' && tokens[i + 1]?.text !== '.')
    .map(({ text }) => text);
}

/** First value that may not stand where a name is substituted. */
function forbiddenParam(
  sql: string,
  params: ReadonlyMap<string, string>,
  around: Surroundings,
): string | undefined {
  if (!/:\s*Identifier\s*\}/i.test(sql)) return undefined;
  return [...params.values()].find((value) => {
    const parts = value.split('.');
    // Escapes and quotes could hide a name; a name alone does not say whether a table follows.
    if (parts.some((part) => /[\\`"']/.test(part))) return true;
    return (
      otherDatabase(parts, around) !== undefined ||
      forbiddenName(lex(`${parts.join('.')}(`), around) !== undefined
    );
  });
}

function functions(warehouse: Warehouse): Promise<Functions> {
  let found = functionsOf.get(warehouse);
  if (found === undefined) {
    found = listFunctions(warehouse);
    found.catch(() => functionsOf.delete(warehouse));
    functionsOf.set(warehouse, found);
  }
  return found;
}

async function listFunctions(warehouse: Warehouse): Promise<Functions> {
  const [listed, tableFunctions] = await Promise.all([
    warehouse.query<ListedFunction>('SELECT name, alias_to, origin, categories FROM system.functions'),
    warehouse.query<{ name: string }>('SELECT name FROM system.table_functions'),
  ]);
  return {
    functions: forbiddenFunctions(listed),
    tableFunctions: forbiddenTableFunctions(tableFunctions.map(({ name }) => name)),
  };
}

import { isName, type Token } from '../sql-text/lexer.ts';
import { isSign, isWord } from '../sql-text/statement.ts';
import { isForbiddenFunction } from './forbidden-functions.ts';

/** What there is that a reader must not name. All names in lower case. */
export interface Surroundings {
  /** The reader's own database. */
  readonly database: string;
  /** Every database there is. */
  readonly databases: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly tableFunctions: ReadonlySet<string>;
}

/** Tables of `system` that clients and tools ask; those that list tables are filtered to the reader's database. */
const SYSTEM_TABLES = new Set([
  'one',
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'databases',
  'tables',
  'columns',
  'data_skipping_indices',
  'functions',
  'table_functions',
  'aggregate_function_combinators',
  'data_type_families',
  'formats',
  'keywords',
  'settings',
  'table_engines',
  'database_engines',
  'collations',
  'time_zones',
]);

/** Relations of `information_schema`, which are views over the filtered tables. */
const SCHEMA_TABLES = new Set(['tables', 'columns', 'schemata', 'views']);

/** Databases that may not be in the engine's list: hidden ones, and those of workspaces to come. */
const DATABASES = /^(temas|temas_.*|system|information_schema|default|_temporary_and_external_tables)$/;

/** Functions that take a function as an argument, by its name alone: the only ones, seen by trying all. */
const HIGHER_ORDER = /^(array|map)/i;

/**
 * First name in a statement that a reader may not use; `undefined` if there is none.
 *
 * The statement must be in the engine's own formatting: aliases stand behind AS, quoted names in back-quotes,
 * heredocs are plain strings. A function counts where it is called or handed to another one, a database where a
 * name follows it; so columns and aliases may be called like either.
 */
export function forbiddenName(tokens: readonly Token[], around: Surroundings): string | undefined {
  const opened: (Token | undefined)[] = [];
  for (const [i, token] of tokens.entries()) {
    if (isSign(token, '(')) opened.push(isName(tokens[i - 1]) ? tokens[i - 1] : undefined);
    else if (isSign(token, '[') || isSign(token, '{')) opened.push(token);
    else if (isSign(token, ')') || isSign(token, ']') || isSign(token, '}')) opened.pop();
    if (!isName(token)) continue;
    const isForbidden =
      namesDatabase(tokens, i, around) ||
      (isFunction(tokens, i, opened) && isForbiddenCall(tokens, i, around));
    if (isForbidden) return token.text;
  }
  return undefined;
}

/** First name that is another database's, wherever it stands: for statements that name databases alone. */
export function otherDatabase(names: readonly string[], around: Surroundings): string | undefined {
  return names.find((name) => isOther(name.toLowerCase(), around));
}

function namesDatabase(tokens: readonly Token[], i: number, around: Surroundings): boolean {
  const name = (tokens[i] as Token).text.toLowerCase();
  // A name with dots inside its quotes may be taken for a path.
  const [first, ...rest] = name.split('.') as [string, ...string[]];
  if (rest.length > 0) return isOther(first, around);
  if (!isSign(tokens[i + 1], '.') || !isOther(name, around)) return false;
  const table = tokens[i + 2]?.text.toLowerCase() ?? '';
  const shared =
    (name === 'system' && SYSTEM_TABLES.has(table)) ||
    (name === 'information_schema' && SCHEMA_TABLES.has(table));
  return !shared || isSign(tokens[i - 1], '.');
}

function isOther(name: string, { database, databases }: Surroundings): boolean {
  return name !== database && (databases.has(name) || DATABASES.test(name));
}

/** True for a name that is called, or that may be a function handed to another. */
function isFunction(tokens: readonly Token[], i: number, opened: readonly (Token | undefined)[]): boolean {
  if (isSign(tokens[i + 1], '(')) return true;
  if (isSign(tokens[i - 1], '.') || isWord(tokens[i - 1], 'AS')) return false;
  if (isWord(tokens[i - 1], 'APPLY')) return true;
  const around = opened.findLast((opener) => opener !== undefined);
  return around !== undefined && (HIGHER_ORDER.test(around.text) || isWord(around, 'APPLY'));
}

function isForbiddenCall(tokens: readonly Token[], i: number, around: Surroundings): boolean {
  const name = (tokens[i] as Token).text;
  const lower = name.toLowerCase();
  if (isForbiddenFunction(name) || around.functions.has(lower)) return true;
  return isSign(tokens[i + 1], '(') && around.tableFunctions.has(lower);
}

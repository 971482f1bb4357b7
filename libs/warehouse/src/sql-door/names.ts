import type { Token } from '../sql-text/lexer.ts';
import { isSign } from '../sql-text/statement.ts';

/** Tables of `system` that clients and tools ask; the two catalogue tables are filtered to the reader's database. */
const SYSTEM_TABLES = new Set(['one', 'numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'tables', 'columns']);

/** Table functions that read no table, file or network. */
const TABLE_FUNCTIONS = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'generate_series',
  'generateseries',
  'primes',
  'values',
  'null',
  'view',
  'format',
]);

/**
 * Functions that reach past the reader's database: files (`file` reads any file even where `readonly` is set),
 * other tables by their name in a string, models, the network, the server itself.
 */
const FUNCTIONS = new RegExp(
  `^(${[
    'file',
    'filesystem(available|capacity|unreserved)',
    'dict(get|has|isin).*',
    'joinget(ornull)?',
    'hascolumnintable',
    'catboostevaluate',
    'naivebayes.*',
    'region(to.*|in|hierarchy)',
    'ai(classify|extract|generate|translate|embed).*',
    'get(server.*|macro|mergetreesetting|maxtablename.*|clienthttpheader|oskernelversion)',
    'hostname',
    'fqdn',
    'serveruuid',
    'tcpport',
    'showcertificate',
    'addressto.*',
    'demangle',
    'logtrace',
    'fuzzquery',
    'zookeeper.*',
    'transaction(id|latestsnapshot|oldestsnapshot)',
    'mergetreepartinfo',
  ].join('|')})$`,
);

const DATABASES = /^(temas|temas_.*|system|information_schema|default)$/;

/**
 * First name in a statement that the reader of `database` may not use; `undefined` if there is none.
 *
 * It works on names, not on their roles: a function can be named without brackets (`APPLY file`,
 * `arrayMap(file, …)`), a table as the right side of IN. So a column or alias with such a name is refused too;
 * that is the price of missing none. The statement must be in the engine's own formatting, where every quoted
 * name stands in back-quotes and heredocs are plain strings.
 */
export function forbiddenName(
  tokens: readonly Token[],
  database: string,
  tableFunctions: ReadonlySet<string>,
): string | undefined {
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    const name = token.text.toLowerCase();
    const follows = isSign(tokens[i - 1], '.');
    if (isOtherDatabase(name, database, isSign(tokens[i + 1], '.'))) {
      const table = tokens[i + 2]?.text.toLowerCase() ?? '';
      if (!(name === 'system' && !follows && SYSTEM_TABLES.has(table))) return token.text;
    }
    if (follows) continue;
    if (FUNCTIONS.test(name)) return token.text;
    const called = isSign(tokens[i + 1], '(');
    if (called && tableFunctions.has(name) && !TABLE_FUNCTIONS.has(name)) return token.text;
  }
  return undefined;
}

function isOtherDatabase(name: string, database: string, qualifies: boolean): boolean {
  // A name with dots inside its quotes may be taken for a path.
  const parts = name.split('.');
  if (parts.length > 1) return parts.some((part) => DATABASES.test(part) && part !== database);
  // `system` and `default` are also ordinary words; they are databases only in front of a table.
  if (name === 'system' || name === 'default') return qualifies;
  return name !== database && DATABASES.test(name);
}

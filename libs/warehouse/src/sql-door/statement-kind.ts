import { isName, type Token } from '../sql-text/lexer.ts';
import { isSelect, isWord } from '../sql-text/statement.ts';

/** What a reader's statement does; `undefined` for one that is not allowed. */
export type StatementKind =
  | 'select'
  /** DESCRIBE and EXPLAIN: they name tables the way a SELECT does. */
  | 'explain'
  /** SHOW and EXISTS: they also name a database alone. */
  | 'show';

/** SHOW statements that tell of the reader's own relations or of the language. */
const SHOWN = new Set([
  'TABLES',
  'DATABASES',
  'COLUMNS',
  'FIELDS',
  'INDEX',
  'INDEXES',
  'INDICES',
  'KEYS',
  'FUNCTIONS',
  'SETTINGS',
  'SETTING',
  'ENGINES',
]);

/** EXPLAIN of these parts of the work only; without one it is the plan. */
const EXPLAINED = new Set(['AST', 'SYNTAX', 'QUERY', 'PLAN', 'PIPELINE', 'ESTIMATE']);

/** Tells a statement that reads from all others, by its words in the engine's own formatting. */
export function statementKind(tokens: readonly Token[]): StatementKind | undefined {
  if (isSelect(tokens)) return 'select';
  const [first, second] = tokens;
  if (isWord(first, 'DESCRIBE')) return 'explain';
  if (isWord(first, 'EXPLAIN')) return explainsSelect(tokens) ? 'explain' : undefined;
  if (isWord(first, 'EXISTS')) return 'show';
  if (!isWord(first, 'SHOW')) return undefined;
  if (isWord(second, 'CREATE'))
    return isWord(tokens[2], 'TABLE') || isWord(tokens[2], 'VIEW') ? 'show' : undefined;
  const what = [second, tokens[2], tokens[3]].find(
    (token) => !['FULL', 'EXTENDED', 'CHANGED'].some((word) => isWord(token, word)),
  );
  return what !== undefined && SHOWN.has(what.text.toUpperCase()) ? 'show' : undefined;
}

function explainsSelect(tokens: readonly Token[]): boolean {
  const start = tokens.findIndex((token) => isWord(token, 'SELECT') || isWord(token, 'WITH'));
  if (start < 0) return false;
  const second = tokens[1] as Token;
  const third = tokens[2];
  const isOption = third !== undefined && third.text === '=';
  return (
    start === 1 ||
    second.text === '(' ||
    isOption ||
    (isName(second) && EXPLAINED.has(second.text.toUpperCase()))
  );
}

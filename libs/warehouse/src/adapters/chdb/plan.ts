import type { Call } from '../../http-interface/call.ts';
import { EngineError } from '../../http-interface/engine-error.ts';
import type { OutputStatement } from './engine.ts';
import { lex, type Token } from '../../sql-text/lexer.ts';
import {
  formatClause,
  hasSecondStatement,
  hasWords,
  insertHead,
  isSelect,
  isSign,
  isWord,
  selectCount,
  type InsertHead,
} from '../../sql-text/statement.ts';

/** How a call is to be run. */
export type Plan =
  | { readonly kind: 'insert'; readonly head: InsertHead; readonly data: Buffer }
  /** A statement under `readonly` that answers rows: those come from readers, and may be anything. */
  | { readonly kind: 'read'; readonly statement: OutputStatement }
  /** A SELECT sent as it is computed. */
  | { readonly kind: 'stream'; readonly sql: string; readonly format: string }
  /** A SELECT computed whole before it is sent. */
  | { readonly kind: 'select'; readonly sql: string; readonly format: string }
  | { readonly kind: 'command'; readonly sql: string; readonly format: string };

/** Formats whose chunks can stand behind each other: others repeat their header in every chunk. */
const STREAMABLE = new Set([
  'JSONEachRow',
  'JSONCompactEachRow',
  'JSONStringsEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'CSV',
]);

/** Statements besides SELECT whose answer is a table. */
const ANSWERING = ['DESCRIBE', 'DESC', 'SHOW', 'EXISTS', 'EXPLAIN'];

/**
 * Decides how a call is run. Throws `EngineError` for what is never run: a second statement, INTO OUTFILE (chDB
 * writes the file even where `readonly` is set) and sessions kept over several calls.
 */
export function planCall(call: Call): Plan {
  const tokens = lex(call.sql);
  if (call.settings.has('session_id')) {
    throw new EngineError(48, 'NOT_IMPLEMENTED', 'Sessions over several calls are not supported');
  }
  if (tokens.length === 0) throw new EngineError(62, 'SYNTAX_ERROR', 'Empty query');
  if (hasSecondStatement(tokens)) {
    throw new EngineError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
  }
  if (hasWords(tokens, 'INTO', 'OUTFILE')) {
    throw new EngineError(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed');
  }
  // Without a body the engine would look for the rows on standard input, where the parent's hand lies.
  if (call.data !== undefined || insertHead(tokens)) return planInsert(tokens, call.data ?? Buffer.alloc(0));
  const sql = withoutSemicolon(call.sql, tokens);
  const clause = formatClause(tokens);
  const format = clause?.format ?? call.defaultFormat;
  if (call.settings.get('readonly') === '1' && answersRows(tokens)) {
    const head = sql.slice(0, clause?.start);
    const tail = clause === undefined ? '' : sql.slice(clause.end);
    return { kind: 'read', statement: { head, format, tail } };
  }
  if (!isSelect(tokens)) return { kind: 'command', sql, format };
  // Values of subqueries are computed in the calling thread when a stream is planned: seconds in which the
  // process answers nobody. So a statement that may hold some is not streamed unless the caller insists.
  const streams = call.waitEndOfQuery === undefined ? selectCount(tokens) === 1 : !call.waitEndOfQuery;
  return { kind: streams && STREAMABLE.has(format) ? 'stream' : 'select', sql, format };
}

function answersRows(tokens: readonly Token[]): boolean {
  return isSelect(tokens) || ANSWERING.some((word) => isWord(tokens[0], word));
}

function planInsert(tokens: readonly Token[], data: Buffer): Plan {
  const head = insertHead(tokens);
  if (head === undefined) {
    throw new EngineError(
      48,
      'NOT_IMPLEMENTED',
      'An INSERT with a body reads INSERT INTO table [(columns)] FORMAT name',
    );
  }
  return { kind: 'insert', head, data };
}

function withoutSemicolon(sql: string, tokens: readonly Token[]): string {
  const semicolon = tokens.find((token) => isSign(token, ';'));
  return semicolon === undefined ? sql : sql.slice(0, semicolon.start);
}

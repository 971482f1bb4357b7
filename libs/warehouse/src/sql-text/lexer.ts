/** A lexeme of ClickHouse SQL. `text` of a quoted identifier is its name, without quotes and escapes. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'sign';
  readonly text: string;
  /** Offset in the statement's UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** True for a bare or quoted identifier. */
export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

const SPACE = /[\s\u00a0\ufeff]/;
const WORD = /[A-Za-z_][A-Za-z0-9_$]*/y;
const NUMBER = /\d[0-9A-Za-z_.]*/y;
const HEREDOC = /\$[A-Za-z0-9_]*\$/y;

/**
 * Lexemes of a statement, comments left out. An unterminated quote or comment runs to the end: the engine will
 * refuse it, and until then it must not hide anything that follows from a guard.
 */
export function lex(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const c = sql[at] as string;
    if (SPACE.test(c)) at++;
    else if (startsLineComment(sql, at)) at = endOf(sql, '\n', at);
    else if (sql.startsWith('/*', at)) at = endOf(sql, '*/', at + 2);
    else {
      const token = read(sql, at, c);
      tokens.push(token);
      at = token.end;
    }
  }
  return tokens;
}

function read(sql: string, start: number, c: string): Token {
  if (c === "'") return { kind: 'string', ...quoted(sql, start) };
  if (c === '"' || c === '`') return { kind: 'quoted', ...quoted(sql, start) };
  const heredoc = match(HEREDOC, sql, start);
  if (heredoc !== undefined) {
    const end = endOf(sql, heredoc, start + heredoc.length);
    return { kind: 'string', text: sql.slice(start + heredoc.length, end - heredoc.length), start, end };
  }
  const word = match(WORD, sql, start);
  if (word !== undefined) return { kind: 'word', text: word, start, end: start + word.length };
  const number = match(NUMBER, sql, start);
  if (number !== undefined) return { kind: 'number', text: number, start, end: start + number.length };
  return { kind: 'sign', text: c, start, end: start + 1 };
}

function quoted(sql: string, start: number): { text: string; start: number; end: number } {
  const quote = sql[start] as string;
  let text = '';
  for (let at = start + 1; at < sql.length; at++) {
    const c = sql[at] as string;
    if (c === '\\') text += sql[++at] ?? '';
    else if (c !== quote) text += c;
    else if (sql[at + 1] === quote) text += sql[++at];
    else return { text, start, end: at + 1 };
  }
  return { text, start, end: sql.length };
}

function startsLineComment(sql: string, at: number): boolean {
  return sql.startsWith('--', at) || sql.startsWith('# ', at) || sql.startsWith('#!', at);
}

function endOf(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length;
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

import { isName, type Token } from './lexer.ts';

/** True if the token is this keyword; quoted identifiers never are. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

/** True if the token is this punctuation mark. */
export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign;
}

/** True if the words stand next to each other somewhere in the statement. */
export function hasWords(tokens: readonly Token[], ...words: string[]): boolean {
  return tokens.some((_, i) => words.every((word, n) => isWord(tokens[i + n], word)));
}

/** True if something follows a semicolon. */
export function hasSecondStatement(tokens: readonly Token[]): boolean {
  const end = tokens.findIndex((token) => isSign(token, ';'));
  return end >= 0 && tokens.slice(end).some((token) => !isSign(token, ';'));
}

/** True for a statement that only reads rows: it begins with SELECT or WITH, however many brackets stand before. */
export function isSelect(tokens: readonly Token[]): boolean {
  const first = tokens.find((token) => !isSign(token, '('));
  return isWord(first, 'SELECT') || isWord(first, 'WITH');
}

/** How many SELECTs the statement is made of. */
export function selectCount(tokens: readonly Token[]): number {
  return tokens.filter((token) => isWord(token, 'SELECT')).length;
}

/** A statement's final FORMAT clause. Offsets are those of its tokens: of the keyword, and behind the name. */
export interface FormatClause {
  readonly format: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the format that the statement itself names in a final FORMAT clause. */
export function formatClause(tokens: readonly Token[]): FormatClause | undefined {
  for (let i = tokens.length - 2; i >= 0; i--) {
    const keyword = tokens[i] as Token;
    const name = tokens[i + 1] as Token;
    const after = tokens[i + 2];
    // The engine itself writes names that are also keywords in quotes: FORMAT `Null`.
    if (!isWord(keyword, 'FORMAT') || !isName(name)) continue;
    if (after === undefined || isSign(after, ';') || isWord(after, 'SETTINGS')) {
      return { format: name.text, start: keyword.start, end: name.end };
    }
  }
  return undefined;
}

/** What an INSERT whose rows come in the request's body says of them. */
export interface InsertHead {
  /** Table, with its database where it is named. */
  readonly table: string;
  /** Columns in the order of the values; empty where the statement names none. */
  readonly columns: readonly string[];
  readonly format: string;
}

/** Reads `INSERT INTO [TABLE] db.table [(columns)] FORMAT name`; `undefined` for any other shape. */
export function insertHead(tokens: readonly Token[]): InsertHead | undefined {
  if (!isWord(tokens[0], 'INSERT') || !isWord(tokens[1], 'INTO')) return undefined;
  let at = isWord(tokens[2], 'TABLE') ? 3 : 2;
  const path: string[] = [];
  while (isName(tokens[at])) {
    path.push((tokens[at] as Token).text);
    at++;
    if (!isSign(tokens[at], '.')) break;
    at++;
  }
  const columns: string[] = [];
  if (isSign(tokens[at], '(')) {
    do {
      at++;
      if (!isName(tokens[at])) return undefined;
      columns.push((tokens[at] as Token).text);
      at++;
    } while (isSign(tokens[at], ','));
    if (!isSign(tokens[at], ')')) return undefined;
    at++;
  }
  const format = tokens[at + 1];
  const whole = at + 2 === tokens.length && isWord(tokens[at], 'FORMAT') && format?.kind === 'word';
  return whole && path.length > 0 ? { table: path.join('.'), columns, format: format.text } : undefined;
}

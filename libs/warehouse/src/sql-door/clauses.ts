import { EngineError } from '../http-interface/engine-error.ts';
import type { Token } from '../sql-text/lexer.ts';
import { formatClause, isSign, isWord } from '../sql-text/statement.ts';

/** A statement without what can as well be said beside it. */
export interface BareStatement {
  readonly sql: string;
  /** Format of its FORMAT clause, if it has one. */
  readonly format: string | undefined;
  /** What its SETTINGS clauses say; of a subquery's too, for which they then hold in the whole statement. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Takes the FORMAT and SETTINGS clauses out of a statement: under `readonly` the engine refuses every SETTINGS
 * clause, harmless ones too. Throws `EngineError` 164 for a clause whose values are not plain.
 */
export function withoutClauses(sql: string, tokens: readonly Token[]): BareStatement {
  const settings = new Map<string, string>();
  const cuts: { start: number; end: number }[] = [];
  const format = formatClause(tokens);
  if (format !== undefined) cuts.push(format);
  for (const [i, token] of tokens.entries()) {
    if (!startsClause(tokens, i)) continue;
    let at = i + 1;
    for (;;) {
      settings.set((tokens[at] as Token).text, plainValue(tokens[at + 2]));
      at += 3;
      if (!isSign(tokens[at], ',') || !isSign(tokens[at + 2], '=')) break;
      at++;
    }
    cuts.push({ start: token.start, end: (tokens[at - 1] as Token).end });
  }
  return { sql: cut(sql, cuts), format: format?.format, settings };
}

/** A name and an equals sign follow the word: nothing else reads like that in the engine's formatting. */
function startsClause(tokens: readonly Token[], i: number): boolean {
  return isWord(tokens[i], 'SETTINGS') && tokens[i + 1]?.kind === 'word' && isSign(tokens[i + 2], '=');
}

function plainValue(token: Token | undefined): string {
  const plain =
    token?.kind === 'string' || token?.kind === 'number' || /^(true|false)$/i.test(token?.text ?? '');
  if (token === undefined || !plain) {
    throw new EngineError(164, 'READONLY', 'Only settings with plain values are allowed here');
  }
  return token.text;
}

function cut(sql: string, cuts: readonly { start: number; end: number }[]): string {
  const ordered = cuts.toSorted((a, b) => b.start - a.start);
  return ordered.reduce((text, { start, end }) => `${text.slice(0, start)}${text.slice(end)}`, sql).trim();
}

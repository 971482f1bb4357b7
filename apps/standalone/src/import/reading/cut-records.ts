/**
 * What stands at a place of a text: a record that ends before `end`, nothing before more text is there, or
 * something that is no record. `lines` counts the line breaks up to `end`.
 */
export type Scan<T> =
  | { readonly outcome: 'record'; readonly value: T; readonly end: number; readonly lines: number }
  | { readonly outcome: 'more' }
  | { readonly outcome: 'broken'; readonly reason: string };

/** Looks for one record that starts at `from`. `final`: no text follows. Never called at the end of the text. */
export type Scanner<T> = (text: string, from: number, final: boolean) => Scan<T>;

/** A piece of a text: a record with its raw text, or why there is none. Lines count from 1. */
export type Cut<T> =
  | { readonly line: number; readonly text: string; readonly value: T }
  | { readonly line: number; readonly text: string; readonly reason: string };

/** Characters of a record at most: beyond that a quote is not closed, or the file has no line breaks. */
export const MAX_RECORD_CHARS = 1024 * 1024;

const SHOWN_CHARS = 1_000;

/**
 * Cuts a text into records in constant memory. Where a record is broken, its first line is given up and reading
 * goes on with the next: a quote that nobody closed costs one record, not the rest of the file.
 */
export async function* cutRecords<T>(
  texts: AsyncIterable<string>,
  scan: Scanner<T>,
  skip: number,
): AsyncGenerator<Cut<T>, void, undefined> {
  const cutter = new Cutter(scan, skip);
  for await (const text of texts) yield* cutter.push(text, false);
  yield* cutter.push('', true);
}

class Cutter<T> {
  #rest = '';
  #line = 1;
  /** Inside a line that was given up before its end was there. */
  #dropping = false;

  constructor(
    private readonly scan: Scanner<T>,
    private readonly skip: number,
  ) {}

  *push(more: string, final: boolean): Generator<Cut<T>, void, undefined> {
    const text = this.#rest + more;
    let at = 0;
    while (at < text.length) {
      if (this.#dropping || this.#line <= this.skip) {
        const next = this.#dropLine(text, at);
        this.#dropping = next === undefined;
        at = next ?? text.length;
        continue;
      }
      const found = this.scan(text, at, final);
      const endless = found.outcome === 'more' && text.length - at > MAX_RECORD_CHARS;
      if (found.outcome === 'more' && !endless) break;
      if (found.outcome === 'record') {
        yield* cutOf(this.#line, text.slice(at, found.end), found.value);
        at = found.end;
        this.#line += found.lines;
        continue;
      }
      const reason =
        found.outcome === 'broken' ? found.reason : `is longer than ${MAX_RECORD_CHARS} characters`;
      yield { line: this.#line, text: shown(text, at), reason };
      this.#dropping = true;
    }
    this.#rest = text.slice(at);
  }

  /** Place behind the line break; `undefined` if it has not come yet. */
  #dropLine(text: string, at: number): number | undefined {
    const end = text.indexOf('\n', at);
    if (end < 0) return undefined;
    this.#line++;
    return end + 1;
  }
}

function* cutOf<T>(line: number, text: string, value: T): Generator<Cut<T>> {
  if (!text.includes('\uFFFD')) yield { line, text, value };
  else yield { line, text: shown(text, 0), reason: 'holds bytes that are not of the encoding' };
}

function shown(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, Math.min(end < 0 ? text.length : end, at + SHOWN_CHARS)).replace(/\r$/, '');
}

/** Scans one line, without its line break (LF or CRLF). */
export const scanLine: Scanner<string> = (text, from, final) => {
  const newline = text.indexOf('\n', from);
  if (newline < 0 && !final) return { outcome: 'more' };
  const end = newline < 0 ? text.length : newline;
  const value = text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end);
  return { outcome: 'record', value, end: newline < 0 ? end : end + 1, lines: newline < 0 ? 0 : 1 };
};

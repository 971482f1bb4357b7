import { scanLine } from './cut-records.ts';
import type { Scan, Scanner } from './cut-records.ts';

/**
 * A scanner for CSV as RFC 4180 has it: fields in quotes may hold delimiters, line breaks and doubled quotes. Lines
 * end with LF or CRLF, mixed as they come. A quote inside a field that does not begin with one is a character.
 *
 * @param quote `undefined`: no character quotes
 */
export function csvScanner(delimiter: string, quote: string | undefined): Scanner<string[]> {
  return (text, from, final) => {
    const line = scanLine(text, from, final);
    // A line without quotes ends the record, and most have none.
    if (line.outcome === 'record' && (quote === undefined || !line.value.includes(quote))) {
      return { ...line, value: line.value.split(delimiter) };
    }
    return quote === undefined ? { outcome: 'more' } : scanQuoted(text, from, final, delimiter, quote);
  };
}

function scanQuoted(
  text: string,
  from: number,
  final: boolean,
  delimiter: string,
  quote: string,
): Scan<string[]> {
  const fields: string[] = [];
  let lines = 0;
  let at = from;
  for (;;) {
    if (text[at] === quote) {
      const field = quotedField(text, at, final, quote);
      if (field.outcome !== 'record') return field;
      fields.push(field.value);
      lines += field.lines;
      at = field.end;
      if (at === text.length) return { outcome: 'record', value: fields, end: at, lines };
      if (text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      if (text[at] === '\n') return { outcome: 'record', value: fields, end: at + 1, lines: lines + 1 };
      if (text[at] === '\r' && text[at + 1] === '\n') {
        return { outcome: 'record', value: fields, end: at + 2, lines: lines + 1 };
      }
      if (!final && text.length - at < Math.max(2, delimiter.length)) return { outcome: 'more' };
      if (text[at] === '\r' && at + 1 === text.length) {
        return { outcome: 'record', value: fields, end: at + 1, lines };
      }
      return { outcome: 'broken', reason: 'has text behind a closing quote' };
    }
    const rest = scanLine(text, at, final);
    if (rest.outcome !== 'record') return rest;
    const end = rest.value.indexOf(delimiter);
    if (end < 0) {
      fields.push(rest.value);
      return { outcome: 'record', value: fields, end: rest.end, lines: lines + rest.lines };
    }
    fields.push(rest.value.slice(0, end));
    at += end + delimiter.length;
  }
}

/** The field whose opening quote stands at `from`; it ends behind its closing quote. */
function quotedField(text: string, from: number, final: boolean, quote: string): Scan<string> {
  let value = '';
  let at = from + 1;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close < 0)
      return final ? { outcome: 'broken', reason: 'has a quote that is not closed' } : { outcome: 'more' };
    value += text.slice(at, close);
    // Only what follows tells a closing quote from the first of two.
    if (close + 1 === text.length && !final) return { outcome: 'more' };
    if (text[close + 1] !== quote) {
      return { outcome: 'record', value, end: close + 1, lines: value.split('\n').length - 1 };
    }
    value += quote;
    at = close + 2;
  }
}

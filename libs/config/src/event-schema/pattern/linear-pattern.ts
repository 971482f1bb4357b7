import { RE2JS } from 're2js';
import { messageOf } from '#kernel';
import { PatternRefused } from './pattern-refused.ts';

/** Longest pattern, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 512;

/** Instructions of a pattern with its counted repetitions written out. A text of n characters costs at most n times it. */
export const MAX_PATTERN_STATES = 500;

/**
 * A regular expression that is matched in time linear in the text, whatever the pattern (RE2). JavaScript's own engine
 * backtracks: one line of schema could stop the collector for years. Look-around and back-references are refused.
 */
export class LinearPattern {
  readonly #pattern: RE2JS;

  /** Throws `PatternRefused`. */
  constructor(private readonly source: string) {
    if (source.length > MAX_PATTERN_LENGTH) {
      throw new PatternRefused(`has ${source.length} characters, more than ${MAX_PATTERN_LENGTH}`);
    }
    try {
      new RegExp(source, 'u');
      this.#pattern = RE2JS.compile(RE2JS.translateRegExp(wholeCharacters(source)));
    } catch (error) {
      throw new PatternRefused(`cannot be taken: ${messageOf(error)}`);
    }
    if (this.states > MAX_PATTERN_STATES) {
      throw new PatternRefused(
        `needs more than ${MAX_PATTERN_STATES} states with its repetitions written out`,
      );
    }
  }

  /** Instructions with repetitions written out. */
  get states(): number {
    return this.#pattern.programSize();
  }

  /** True if the pattern matches anywhere in the text, as `RegExp.prototype.test` with the flag `u`. */
  test(text: string): boolean {
    return this.#pattern.test(text);
  }

  /** For the validator, which names its patterns. */
  toString(): string {
    return this.source;
  }
}

const PAIR = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/gi;

/** The two escapes of a character beyond 16 bits as one: RE2 knows no halves. */
function wholeCharacters(source: string): string {
  return source.replace(PAIR, (_pair, high: string, low: string) => {
    const point = String.fromCharCode(parseInt(high, 16), parseInt(low, 16)).codePointAt(0) as number;
    return `\\u{${point.toString(16)}}`;
  });
}

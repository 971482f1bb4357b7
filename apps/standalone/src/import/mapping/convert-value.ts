import { parseDatePattern, readIsoDate } from './date-pattern.ts';
import type { TypedValue } from './mapping.ts';

/** A value of the asked type, or why the text is none. The reason never quotes the value: it may be personal. */
export type Converted =
  | { readonly outcome: 'converted'; readonly value: unknown }
  | { readonly outcome: 'unfit'; readonly reason: string };

const YES = ['true', '1', 'yes', 'y', 't'];
const NO = ['false', '0', 'no', 'n', 'f'];

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const WITH_COMMA = /^-?(\d+|\d{1,3}([.\s\u00a0\u202f]\d{3})+)(,\d+)?$/;

/** Turns a value that is not empty into the type that the mapping asks for. */
export function convertValue(raw: unknown, { as, format, comma }: TypedValue, zone: string): Converted {
  const text = textOf(raw);
  switch (as) {
    case 'text':
      return converted(text);
    case 'json':
      return typeof raw === 'string' ? parsedJson(raw) : converted(raw);
    case 'boolean': {
      const word = text.trim().toLowerCase();
      if (YES.includes(word)) return converted(true);
      return NO.includes(word) ? converted(false) : unfit('is none of true, false, yes, no, 1, 0');
    }
    case 'number': {
      const plain = plainNumber(text, comma);
      if (plain === undefined || !NUMBER.test(plain)) return unfit('is not a number');
      const value = Number(plain);
      const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
      return exact ? converted(value) : unfit('is a number that would lose digits; take as: decimal');
    }
    case 'decimal': {
      const plain = plainNumber(text, comma);
      return plain !== undefined && DECIMAL.test(plain) ? converted(plain) : unfit('is not a decimal number');
    }
    case 'date': {
      const read = format === undefined ? readIsoDate : parseDatePattern(format);
      const at = read?.(text.trim(), zone);
      if (at === undefined) return unfit(`is not a date of the form ${format ?? 'ISO 8601'}`);
      return converted(new Date(at).toISOString());
    }
  }
}

/** A record's value as text: JSON for what is no scalar. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** With a decimal point and no sign for plus; `undefined` where the comma stands wrong, such as `12.50`. */
function plainNumber(text: string, comma: boolean): string | undefined {
  const plain = text.trim().replace(/^\+/, '');
  if (!comma) return plain;
  return WITH_COMMA.test(plain) ? plain.replaceAll(/[.\s\u00a0\u202f]/g, '').replace(',', '.') : undefined;
}

function parsedJson(text: string): Converted {
  try {
    return converted(JSON.parse(text));
  } catch {
    return unfit('is not JSON');
  }
}

function converted(value: unknown): Converted {
  return { outcome: 'converted', value };
}

function unfit(reason: string): Converted {
  return { outcome: 'unfit', reason };
}

import { instantOf } from './time-zone.ts';

/** Reads a date's text as ms since 1970 UTC; `undefined` if it is no such date. */
export type DateReader = (text: string, zone: string) => number | undefined;

const TOKENS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  f: '(?<f>\\d{1,9})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
};
const TWO_DIGITS = 'mdHMS';

const ISO =
  /^(?<Y>\d{4})-(?<m>\d\d)-(?<d>\d\d)(?:[T ](?<H>\d\d):(?<M>\d\d)(?::(?<S>\d\d)(?:[.,](?<f>\d{1,9}))?)?\s?(?<z>Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

const readers = new Map<string, DateReader | undefined>();

/** ISO 8601, time and offset optional. */
export const readIsoDate: DateReader = (text, zone) => fromParts(ISO.exec(text)?.groups, zone);

/**
 * A reader for a pattern of `%Y %m %d %H %M %S %f %z` and literal characters, or `unix` (seconds) or `unix_ms`;
 * `undefined` if the pattern is wrong. Two digits may be one where a literal follows (`1.2.2024`).
 */
export function parseDatePattern(pattern: string): DateReader | undefined {
  if (!readers.has(pattern)) readers.set(pattern, makeReader(pattern));
  return readers.get(pattern);
}

function makeReader(pattern: string): DateReader | undefined {
  if (pattern === 'unix') return (text) => epoch(text, 1000);
  if (pattern === 'unix_ms') return (text) => epoch(text, 1);
  const expression = expressionOf(pattern);
  if (expression === undefined) return undefined;
  return (text, zone) => fromParts(expression.exec(text)?.groups, zone);
}

function expressionOf(pattern: string): RegExp | undefined {
  let source = '';
  const seen = new Set<string>();
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] as string;
    if (sign !== '%') {
      source += sign.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
      continue;
    }
    const name = pattern[++at] ?? '';
    const packed = pattern[at + 1] === '%' || pattern[at - 3] === '%';
    const digits = packed ? '\\d{2}' : '\\d{1,2}';
    const token = name !== '' && TWO_DIGITS.includes(name) ? `(?<${name}>${digits})` : TOKENS[name];
    if (token === undefined || seen.has(name)) return undefined;
    seen.add(name);
    source += token;
  }
  const whole = seen.has('Y') && seen.has('m') && seen.has('d');
  return whole ? new RegExp(`^${source}$`, 'i') : undefined;
}

function fromParts(parts: Record<string, string> | undefined, zone: string): number | undefined {
  if (parts === undefined) return undefined;
  const [year, month, day] = [Number(parts.Y), Number(parts.m), Number(parts.d)];
  const [hour, minute, second] = [Number(parts.H ?? 0), Number(parts.M ?? 0), Number(parts.S ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number((parts.f ?? '').slice(0, 3).padEnd(3, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // 31 February would have become a day in March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const local = date.setUTCHours(hour, minute, second, ms);
  return parts.z === undefined ? instantOf(local, zone) : local - offsetOf(parts.z);
}

function offsetOf(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

function epoch(text: string, factor: number): number | undefined {
  if (!/^-?\d{1,14}(\.\d+)?$/.test(text)) return undefined;
  return Math.floor(Number(text) * factor);
}

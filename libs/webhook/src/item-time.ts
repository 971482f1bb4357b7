import { isoTime } from '#kernel';
import { parseTime } from '#touchpoint';

const DAY_NAME = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
/** RFC 2822 with its zone: without one `Date.parse` would use that of this machine. */
const RFC_2822 = new RegExp(
  `^${DAY_NAME}\\d{1,2} ${MONTH} \\d{4} \\d\\d:\\d\\d(?::\\d\\d)? (?:GMT|UTC|UT|Z|[+-]\\d{4})(?: \\([A-Za-z ]+\\))?$`,
  'i',
);
/** `2022-04-19 03:33:50 +00:00` */
const SPACED_OFFSET = / ([+-]\d\d:?\d\d)$/;
const NUMBER = /^\d{9,17}(?:\.\d+)?$/;

/** Seconds of 1973; smaller numbers are counters, not times. */
const LEAST_SECONDS = 1e8;

/**
 * Integer ms since 1970 UTC of a time as vendors write it: Unix seconds (with fraction), ms or µs as number or text,
 * ISO 8601 (no zone is UTC), RFC 2822. `undefined` for everything else.
 */
export function itemTime(value: unknown): number | undefined {
  if (typeof value === 'number') return unixTime(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const text = value.trim();
  if (NUMBER.test(text)) return unixTime(Number(text));
  const iso = parseTime(text.replace(SPACED_OFFSET, '$1'));
  if (iso !== undefined) return inRange(iso);
  if (!RFC_2822.test(text)) return undefined;
  return inRange(Date.parse(text));
}

/** The first of the values that is a time, as ISO 8601 in UTC with ms. */
export function firstTime(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const ms = itemTime(value);
    if (ms !== undefined) return isoTime(ms);
  }
  return undefined;
}

function unixTime(value: number): number | undefined {
  if (!(value >= LEAST_SECONDS)) return undefined;
  if (value < 1e11) return Math.floor(value * 1000);
  if (value < 1e14) return Math.floor(value);
  return value < 1e17 ? Math.floor(value / 1000) : undefined;
}

/** Years that ISO 8601 writes with four digits. */
function inRange(ms: number): number | undefined {
  return ms >= 0 && ms < 253_402_300_800_000 ? ms : undefined;
}

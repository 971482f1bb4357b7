import type { Fault } from './touchpoint.ts';

/** Less is network time: correcting it would put calls of one sender out of order. */
const LEAST_SKEW = 5_000;
/** More is no clock error but a stale `sentAt`. */
const MOST_SKEW = 24 * 3_600_000;

/** Times as the sender wrote them, unparsed. */
export interface RawTimes {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
}

/** When a touchpoint happened. */
export interface EventTime {
  /** Integer ms since 1970 UTC; `receivedAt` where the sender's time is missing or bad. */
  readonly at: number;
  /** The sender named a time that could be read: with the content it tells two touchpoints apart. */
  readonly named: boolean;
  /** What is wrong with the sender's time, if anything. */
  readonly fault?: Fault;
}

/**
 * Event time by the sender's corrected clock (design §7): `receivedAt − sentAt` is added if it lies between 5 s and
 * 24 h either way. `timestamp` goes before `originalTimestamp`.
 */
export function eventTime(raw: RawTimes, receivedAt: number): EventTime {
  const field = raw.timestamp === undefined || raw.timestamp === null ? 'originalTimestamp' : 'timestamp';
  const written = raw[field];
  if (written === undefined || written === null) return { at: receivedAt, named: false };
  const claimed = parseTime(written);
  if (claimed === undefined) {
    return {
      at: receivedAt,
      named: false,
      fault: {
        code: 'timestamp_unparseable',
        field,
        message: `${field} is neither ISO 8601 nor ms since 1970`,
      },
    };
  }
  const at = claimed + correction(raw.sentAt, receivedAt);
  if (at > receivedAt) {
    return {
      at: receivedAt,
      named: true,
      fault: {
        code: 'timestamp_in_future',
        field,
        message: `${field} lies after the time of arrival`,
        limit: receivedAt,
      },
    };
  }
  if (at < 0) {
    return {
      at: receivedAt,
      named: true,
      fault: { code: 'timestamp_before_1970', field, message: `${field} lies before 1970`, limit: 0 },
    };
  }
  return { at, named: true };
}

function correction(sentAt: unknown, receivedAt: number): number {
  const sent = parseTime(sentAt);
  if (sent === undefined) return 0;
  const skew = receivedAt - sent;
  const size = Math.abs(skew);
  return size >= LEAST_SKEW && size <= MOST_SKEW ? skew : 0;
}

/** The range of `Date`. */
const LAST_TIME = 8.64e15;

/**
 * Integer ms since 1970 UTC of a time as senders write it: ISO 8601 with or without time, fraction and zone (none is
 * UTC), the same with a space instead of `T`, or a number of ms. Fractions beyond ms are cut off. `undefined` for
 * everything else, days that no calendar has included.
 */
export function parseTime(written: unknown): number | undefined {
  if (typeof written === 'number') {
    return Math.abs(written) <= LAST_TIME ? Math.floor(written) : undefined;
  }
  if (typeof written !== 'string') return undefined;
  const text = written.length > 40 ? '' : written.trim();
  const days = epochDays(text);
  if (days === undefined) return undefined;
  if (text.length === 10) return days * 86_400_000;
  const clock = CLOCK.exec(text);
  if (clock === null) return undefined;
  const [, hour, minute, second = '0', fraction = '', zone] = clock;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  return (
    days * 86_400_000 +
    (Number(hour) * 60 + Number(minute) - offset) * 60_000 +
    Number(second) * 1_000 +
    Number(fraction.slice(0, 3).padEnd(3, '0'))
  );
}

const DATE = /^\d{4}-\d\d-\d\d(?![^Tt ])/;
const CLOCK = /^.{10}[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 of the date in front of `text`, in the proleptic Gregorian calendar. */
function epochDays(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  if (day < 1 || day > length) return undefined;
  // Years counted from March put the leap day last, so the days before a month need no table.
  const y = month > 2 ? year : year - 1;
  const beforeMonth = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  return (
    y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + beforeMonth + day - 719_469
  );
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

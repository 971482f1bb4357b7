import type { Bindings } from '../query/statement.ts';

/** Length of a period. */
export const PERIODS = ['day', 'week', 'month'] as const;

/** Length of a period. Weeks begin on Monday. */
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;

/** Length of a rolling period, ms: 24 hours, 7 times that, 30 times that. */
export const ROLLING_MS: Readonly<Record<Period, number>> = {
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};

/**
 * SQL of the number of the calendar period that a moment lies in, in a time zone: days since 1970-01-01, weeks since the
 * Monday 1970-01-05, months since January 1970. Days of a change of clocks have 23 or 25 hours.
 */
export function periodSql(bindings: Bindings, period: Period, zone: string, moment = 'occurred_at'): string {
  const date = `toDate32(${moment}, ${bindings.bind('String', zone)})`;
  switch (period) {
    case 'day':
      return `toInt32(toDaysSinceYearZero(${date}) - 719528)`;
    case 'week':
      return `toInt32(intDiv(toDaysSinceYearZero(${date}) - 719528 + 3, 7) - 1)`;
    case 'month':
      return `toInt32(toYear(${date}) * 12 + toMonth(${date}) - 23641)`;
  }
}

/** First day of a numbered period, `YYYY-MM-DD`. */
export function firstDayOf(period: Period, number: number): string {
  switch (period) {
    case 'day':
      return dateOf(number);
    case 'week':
      return dateOf(number * 7 + 4);
    case 'month':
      return new Date(Date.UTC(1970, number, 1)).toISOString().slice(0, 10);
  }
}

/** Number of the period of a day, `YYYY-MM-DD`. */
export function periodOfDay(period: Period, day: string): number {
  const days = Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
  switch (period) {
    case 'day':
      return days;
    case 'week':
      return Math.floor((days + 3) / 7) - 1;
    case 'month':
      return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 23_641;
  }
}

/** Number of the period that a moment (ms since 1970 UTC) lies in, in a time zone. */
export function periodOf(period: Period, zone: string, ms: number): number {
  return periodOfDay(period, new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(ms).slice(0, 10));
}

/** True if both the engine and this process can be expected to know the zone: an IANA name such as `Europe/Istanbul`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function dateOf(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, n) => n.toString().padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, n) => n.toString().padStart(3, '0'));

/** Dates by day since 1970: a log has few of them, and `Date` costs more than all else in a row (measured). */
const dates = new Map<number, string>();
const MAX_DATES = 10_000;

/** Date `YYYY-MM-DD` and time `HH:mm:ss.SSS` of a moment (ms since 1970 UTC), in UTC. */
function dateAndTime(ms: number): readonly [string, string] {
  const day = Math.floor(ms / DAY_MS);
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, -14);
    if (dates.size >= MAX_DATES) dates.clear();
    dates.set(day, date);
  }
  const rest = ms - day * DAY_MS;
  const hour = TWO[Math.floor(rest / 3_600_000)] as string;
  const minute = TWO[Math.floor(rest / 60_000) % 60] as string;
  const second = TWO[Math.floor(rest / 1000) % 60] as string;
  return [date, `${hour}:${minute}:${second}.${THREE[Math.floor(rest) % 1000] as string}`];
}

/** A moment as ISO 8601, UTC with milliseconds: the same text as `Date.prototype.toISOString`. */
export function isoTime(ms: number): string {
  const [date, time] = dateAndTime(ms);
  return `${date}T${time}Z`;
}

/** A moment as ClickHouse text for `DateTime64(3, 'UTC')`. */
export function clickHouseTime(ms: number): string {
  const [date, time] = dateAndTime(ms);
  return `${date} ${time}`;
}

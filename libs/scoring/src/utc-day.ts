const DAY_MS = 86_400_000;

/** UTC day, counted from 1970-01-01, of a date `YYYY-MM-DD`. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** Scores name three days a row, of the few thousand that there are; printing one anew takes longer than the score. */
const dates = new Map<number, string>();

/** Date `YYYY-MM-DD` of a UTC day counted from 1970-01-01. */
export function dateOf(day: number): string {
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    dates.set(day, date);
  }
  return date;
}

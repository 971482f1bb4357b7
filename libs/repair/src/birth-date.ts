/** What a typed birth date is. */
export type BirthDate =
  | {
      readonly outcome: 'date';
      /** ISO 8601: `1990-02-29` is never one; `--05-17` where no year was told. */
      readonly value: string;
    }
  /** What forms and systems fill in where nobody said anything: 1900-01-01, 1970-01-01, … */
  | { readonly outcome: 'default' }
  | { readonly outcome: 'invalid' };

const DEFAULTS: ReadonlySet<string> = new Set([
  '1900-01-01',
  '1899-12-31',
  '1899-12-30',
  '1970-01-01',
  '0001-01-01',
]);
const INVALID = { outcome: 'invalid' } as const;

/** Nobody alive is older. */
const LONGEST_LIFE_YEARS = 125;

const YEAR_FIRST = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/;
const NO_YEAR = /^--(\d{2})-?(\d{2})$/;

/**
 * Reads a birth date: ISO 8601, also without a year, or day first as it is written in Türkiye (`17.05.1990`).
 * `today`: ISO date; later ones are invalid.
 */
export function readBirthDate(typed: string, today: string): BirthDate {
  const text = typed.length > 40 ? '' : typed.trim();
  const noYear = NO_YEAR.exec(text);
  if (noYear) {
    const [, month, day] = noYear as unknown as [string, string, string];
    // 2000 was a leap year: 29 February is a birthday.
    return isDay(2000, Number(month), Number(day))
      ? { outcome: 'date', value: `--${month}-${day}` }
      : INVALID;
  }
  const first = YEAR_FIRST.exec(text) ?? COMPACT.exec(text);
  const last = first ? null : DAY_FIRST.exec(text);
  const [year, month, day] = (first?.slice(1, 4) ?? last?.slice(1, 4).reverse() ?? []).map(Number) as [
    number,
    number,
    number,
  ];
  if (year === undefined) return INVALID;
  const value = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  if (DEFAULTS.has(value)) return { outcome: 'default' };
  if (!isDay(year, month, day) || value > today) return INVALID;
  return Number(today.slice(0, 4)) - year > LONGEST_LIFE_YEARS ? INVALID : { outcome: 'date', value };
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}

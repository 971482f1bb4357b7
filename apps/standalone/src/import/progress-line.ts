/** A moment of a long job. */
export interface Moment {
  /** What is being done, such as `importing`. */
  readonly doing: string;
  /** Of `total`, in the same unit. */
  readonly done: number;
  readonly total: number;
  /** What of `done` was there when this run began. */
  readonly doneBefore: number;
  /** Records whose fate is known; 0 where the job has none. */
  readonly rows: number;
  readonly rowsBefore: number;
  /** Seconds since this run began. */
  readonly seconds: number;
}

const BAR = 24;

/** One line: share, rows, rate and the time that is left at the pace of this run. */
export function progressLine(moment: Moment): string {
  const { doing, done, total, doneBefore, rows, rowsBefore, seconds } = moment;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR);
  const parts = [`${doing} [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${(share * 100).toFixed(1)} %`];
  if (rows > 0) parts.push(`${count(rows)} rows`);
  if (rows > rowsBefore && seconds > 0) parts.push(`${count(Math.round((rows - rowsBefore) / seconds))}/s`);
  const pace = (done - doneBefore) / seconds;
  if (pace > 0 && seconds >= 1) parts.push(`${duration((total - done) / pace)} left`);
  return parts.join('  ');
}

/** Digits in groups of three. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `0:07`, `12:30`, `2:05:09`; seconds rounded up, so that it never shows the end too early. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** True if the platform knows the IANA zone. */
export function isTimeZone(zone: string): boolean {
  try {
    offsetFormat(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant, ms since 1970 UTC, at which clocks of `zone` showed a local time.
 *
 * @param local the local time read as if it were UTC, in ms. A time that a zone showed twice is the earlier one; one
 *   that it left out is moved on by what was left out.
 */
export function instantOf(local: number, zone: string): number {
  if (zone === 'UTC') return local;
  const before = local - offsetAt(local - DAY_MS, zone);
  if (before + offsetAt(before, zone) === local) return before;
  const after = local - offsetAt(local + DAY_MS, zone);
  return after + offsetAt(after, zone) === local ? after : before;
}

function offsetAt(instant: number, zone: string): number {
  const [, sign, hours, minutes, seconds = '0'] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(offsetFormat(zone).format(instant)) ?? [];
  if (sign === undefined) return 0;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}

/** Making a format costs a hundred times what using it does. */
function offsetFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  return format;
}

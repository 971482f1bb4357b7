/** A moment (ms since 1970 UTC) as ClickHouse text for `DateTime64(3, 'UTC')`. */
export function clickHouseTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** Writes moments (ISO 8601) as a language does, in UTC. */
export function momentsIn(locale: string): {
  readonly long: (iso: string) => string;
  readonly short: (iso: string) => string;
} {
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });
  const short = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return {
    long: (iso) => `${long.format(new Date(iso))} UTC`,
    short: (iso) => short.format(new Date(iso)),
  };
}

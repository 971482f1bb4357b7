/**
 * A moment that is asked about. `recorded`: what a rebuild up to then gives, log time. `event`: the people of today, with
 * what happened to them up to then, event time.
 */
export interface Moment {
  /** Ms since 1970 UTC, inclusive. */
  readonly at: number;
  readonly clock: 'recorded' | 'event';
}

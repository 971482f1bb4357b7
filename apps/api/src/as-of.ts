import type { Moment, Then } from '#explain';
import { isoTime } from '#kernel';
import { problem } from './access.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import type { Reading } from './reading.ts';

/** Query of a read that can ask for the past. */
export interface AsOfQuery extends AfterQuery {
  /** ISO 8601 with an offset or Z; a date alone is its first moment in UTC. */
  readonly asOf?: string;
  /** `recorded` (what was known then) or `event` (what is known now of what had happened by then). */
  readonly clock?: string;
}

const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

/** The moment that a query asks for; `undefined` for now. Throws 400 for one that there is not, or not yet. */
export function momentIn({ asOf, clock }: AsOfQuery, now: number): Moment | undefined {
  if (clock !== undefined && clock !== 'recorded' && clock !== 'event')
    throw refusal('clock', 'must be recorded (what was known then) or event (what had happened by then)');
  if (asOf === undefined) {
    if (clock !== undefined) throw refusal('clock', 'says on which clock "asOf" is meant, which is missing');
    return undefined;
  }
  // In a query a plus sign is a space: the offset of a time that was not escaped.
  const text = asOf.replace(' ', '+');
  const at = FORM.test(text) ? Date.parse(text) : Number.NaN;
  if (!(at >= 0))
    throw refusal(
      'asOf',
      'must be a time since 1970 in ISO 8601 with an offset, such as 2026-03-01T09:30:00+03:00',
    );
  if (at > now) throw refusal('asOf', `is in the future; the latest moment is now, ${isoTime(now)}`);
  return { at, clock: clock ?? 'recorded' };
}

/** Refuses `asOf` where a read answers of now only: to answer of another time would mislead. Throws 400. */
export function onlyNow({ asOf, clock }: AsOfQuery): void {
  if (asOf !== undefined || clock !== undefined)
    throw refusal(asOf === undefined ? 'clock' : 'asOf', 'is not taken here: this answers of now only');
}

/** Waits until the tables have all that the log had when this was asked: the past must not change later. */
export async function waitForPast(reading: Reading, query: AsOfQuery): Promise<void> {
  await waitFor(reading, 'warehouse', query);
  await waitFor(reading, 'warehouse', { ...query, after: (await reading.head()).toString() });
}

/** What was found at a moment. Throws 404 where there was nothing, and says from when on there is. */
export function foundThen<T>(answer: Then<T>, { at, clock }: Moment, what: 'profile' | 'identifier'): T {
  switch (answer.outcome) {
    case 'found':
      return answer.value;
    case 'unknown':
      throw problem(
        404,
        what === 'profile' ? 'there is no such profile' : 'nobody was ever seen with this identifier',
      );
    case 'not_yet': {
      const since = isoTime(answer.since);
      const verb = clock === 'recorded' ? 'was recorded' : 'happened';
      const message = `is ${isoTime(at)}; nothing of this ${what} ${verb} before ${since}`;
      throw problem(404, `this ${what} was not known at that time`, {
        errors: [{ field: 'asOf', message }],
        since,
      });
    }
  }
}

function refusal(field: string, message: string): Error {
  return problem(400, `"${field}" ${message}`, { errors: [{ field, message }] });
}

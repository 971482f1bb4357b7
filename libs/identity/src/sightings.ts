import { compareText, type EventId } from '#kernel';
import type { EvidenceRow, Sighting } from './identity-rows.ts';
import type { Observation } from './identity.types.ts';
import { dayOf } from './star-edges.ts';

/**
 * True if evidence says all that an observation of its identifiers says at that time: nothing follows from such a
 * one, so most of what people do costs two rows to read. A snapshot's rows have an order of their own.
 */
export function isKnown(row: EvidenceRow | undefined, { at, eventId }: Observation): boolean {
  if (row === undefined || row.again === true || row.r !== undefined) return false;
  const [known, ...others] = row.s;
  if (known === undefined || others.length > 0) return false;
  const told: Sighting = [known[0], at, eventId];
  return joined(known, known[3] === undefined ? told : lastSeen(told)) === known;
}

/** The same array if the sighting tells nothing new. */
export function withSighting(sightings: readonly Sighting[], sighting: Sighting): readonly Sighting[] {
  const known = sightings.find(([era]) => era === sighting[0]);
  if (known === undefined) return [...sightings, sighting];
  const both = joined(known, sighting);
  return both === known ? sightings : sightings.map((one) => (one === known ? both : one));
}

/** The first and the last of two sightings of an era; the same object if the second adds nothing. */
function joined(known: Sighting, sighting: Sighting): Sighting {
  const isFirst = isLater(firstOf(known), firstOf(sighting));
  const isLast = isOfLaterDay(sighting, known);
  if (!isFirst && !isLast) return known;
  const [era, at, eventId] = isFirst ? sighting : known;
  const [, , , day, lastId] = isLast ? sighting : known;
  return day === undefined ? [era, at, eventId] : [era, at, eventId, day, lastId];
}

/** A sighting that also tells the last day on which it was said. */
export function lastSeen([era, at, eventId]: Sighting): Sighting {
  return [era, at, eventId, dayOf(at), eventId];
}

/** Of one day the least event counts, so that its order of arrival does not. */
function isOfLaterDay([, , , day, id]: Sighting, [, , , knownDay, knownId]: Sighting): boolean {
  if (day === undefined || knownDay === undefined || day !== knownDay) return (day ?? -1) > (knownDay ?? -1);
  return compareText(id as EventId, knownId as EventId) < 0;
}

function firstOf([, at, eventId]: Sighting): Moment {
  return { at, eventId };
}

/** When something was said, and by which event. */
export interface Moment {
  readonly at: number;
  readonly eventId: EventId;
}

/** True if the first is after the second; of one moment the greater event id is. */
export function isLater(a: Moment, b: Moment): boolean {
  return a.at !== b.at ? a.at > b.at : compareText(a.eventId, b.eventId) > 0;
}

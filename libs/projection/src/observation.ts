import type { Observation } from '#identity';
import type { OpenedTouchpoint } from './opened.ts';

/** What identity sees of a touchpoint. */
export function observationOf({
  envelope,
  position,
}: Pick<OpenedTouchpoint, 'envelope' | 'position'>): Observation {
  const { workspace, source, eventId, at, index, refs, recordRef } = envelope;
  const observation = { workspace, source, eventId, position, at, index, refs };
  return recordRef === undefined ? observation : { ...observation, recordRef };
}
